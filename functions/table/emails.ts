import { emailFinder, emailKey } from './keys.ts';
import { readItem } from './engine/reads.ts';
import type { Table } from './engine/client.ts';
import { absent, type Write } from './engine/transaction.ts';

/** "One e-mail address is one administrator of one customer." */
export interface Email {
  readonly email: string;
  readonly customerId: string;
  readonly administratorId: string;
}

const itemOf = ({ email, customerId, administratorId }: Email) => ({
  ...emailKey(email),
  ...emailFinder(customerId, email),
  ...{ email, customerId, administratorId },
});

export function readEmail(table: Table, email: string) {
  return readItem<Email>(table, emailKey(email), 'strong');
}

/** Takes an address for an administrator; fails when it is taken. */
export function takeEmail(email: Email): Write {
  return { Put: { Item: itemOf(email), ConditionExpression: absent } };
}

/** Takes an address from another administrator; fails when it is not theirs any more. */
export function takeEmailFrom({ administratorId: from }: Pick<Email, 'administratorId'>, email: Email): Write {
  return {
    Put: {
      Item: itemOf(email),
      ConditionExpression: 'administratorId = :from',
      ExpressionAttributeValues: { ':from': from },
    },
  };
}

/** Lets go of an administrator's address; fails when it is not theirs. */
export function freeEmail({ email, administratorId }: Pick<Email, 'email' | 'administratorId'>): Write {
  return {
    Delete: {
      Key: emailKey(email),
      ConditionExpression: 'administratorId = :administratorId',
      ExpressionAttributeValues: { ':administratorId': administratorId },
    },
  };
}

/** Lets go of an address with its customer; fails only when it belongs to somebody else by now. */
export function letGoOfEmail({ email, administratorId }: Pick<Email, 'email' | 'administratorId'>): Write {
  return {
    Delete: {
      Key: emailKey(email),
      ConditionExpression: 'attribute_not_exists(pk) OR administratorId = :administratorId',
      ExpressionAttributeValues: { ':administratorId': administratorId },
    },
  };
}
