import { emailFinder, emailKey } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';
import { readItem } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';

/**
 * An e-mail address, and the administrator that the address belongs to. An address belongs to at most one
 * administrator.
 */
export interface Email {
  readonly email: string;
  readonly customerId: string;
  readonly administratorId: string;
}
type Owned = Pick<Email, 'email' | 'administratorId'>;

const itemOf = ({ email, customerId, administratorId }: Email) => ({
  ...emailKey(email),
  ...emailFinder(customerId, email),
  ...{ email, customerId, administratorId },
});

/** The condition that the address belongs to the administrator. */
const isTheirs = 'administratorId = :administratorId';
const theirValue = ({ administratorId }: Pick<Email, 'administratorId'>) => ({ ':administratorId': administratorId });

/** Reads an e-mail address with a strongly consistent read. Returns undefined when the address belongs to nobody. */
export function readEmail(table: Table, email: string) {
  return readItem<Email>(table, emailKey(email), 'strong');
}

/** Assigns an e-mail address to an administrator; fails when the address already belongs to an administrator. */
export function takeEmail(email: Email): Write<Email> {
  return { Put: { Item: itemOf(email), ConditionExpression: absent } };
}

/**
 * Reassigns an e-mail address from one administrator to another administrator; fails when the address no longer belongs
 * to the first administrator.
 */
export function takeEmailFrom(from: Pick<Email, 'administratorId'>, email: Email): Write<Email> {
  return {
    Put: { Item: itemOf(email), ConditionExpression: isTheirs, ExpressionAttributeValues: theirValue(from) },
  };
}

/** Frees an administrator's e-mail address; fails when the address does not belong to the administrator. */
export function freeEmail(owned: Owned): Write<Email> {
  return {
    Delete: {
      Key: emailKey(owned.email),
      ConditionExpression: isTheirs,
      ExpressionAttributeValues: theirValue(owned),
    },
  };
}

/**
 * Frees the e-mail address of an administrator while the service deletes the data of the administrator's customer.
 * Fails only if the address now belongs to another administrator.
 */
export function letGoOfEmail(owned: Owned): Write<Email> {
  return {
    Delete: {
      Key: emailKey(owned.email),
      ConditionExpression: `${absent} OR ${isTheirs}`,
      ExpressionAttributeValues: theirValue(owned),
    },
  };
}
