import type { Administrator } from './administrators.ts';
import { absent } from './engine/conditions.ts';
import type { Write } from './engine/transaction.ts';
import { administratorEmailKey } from './keys.ts';

/**
 * The item that reserves an e-mail address for one administrator within a customer, so that no other administrator of
 * the customer gets the same address. Other customers may invite the same address: `emails.ts` decides who owns it.
 */
export type AdministratorEmail = Pick<Administrator, 'customerId' | 'administratorId' | 'email'>;

const at = ({ customerId, email }: AdministratorEmail) => administratorEmailKey(customerId, email);
const itemOf = (reserved: AdministratorEmail) => {
  const { customerId, administratorId, email } = reserved;
  return { ...at(reserved), customerId, administratorId, email };
};
const isTheirs = 'administratorId = :administratorId';
const theirValue = ({ administratorId }: Pick<AdministratorEmail, 'administratorId'>) => ({
  ':administratorId': administratorId,
});

/**
 * Reserves an e-mail address for an administrator; fails when the address is reserved for any administrator of the
 * customer. If the customer is provisional, `ttl` is the time, in seconds since the epoch, after which DynamoDB may
 * delete the item.
 */
export function reserveEmail(reserved: AdministratorEmail, ttl?: number): Write<AdministratorEmail> {
  return {
    Put: { Item: { ...itemOf(reserved), ...(ttl !== undefined && { ttl }) }, ConditionExpression: absent },
  };
}

/**
 * Reserves an e-mail address for an administrator instead of another administrator; fails when the address is no longer
 * reserved for the other administrator.
 */
export function reserveEmailInstead(
  other: Pick<AdministratorEmail, 'administratorId'>,
  reserved: AdministratorEmail,
): Write<AdministratorEmail> {
  return {
    Put: { Item: itemOf(reserved), ConditionExpression: isTheirs, ExpressionAttributeValues: theirValue(other) },
  };
}

/**
 * Removes the TTL of the item that reserves the representative's e-mail address, because the customer was activated.
 * Creates the item for a customer that signed up with an earlier release, which stored no such items.
 */
export function keepReservedEmail(reserved: AdministratorEmail): Write<AdministratorEmail> {
  return {
    Put: {
      Item: itemOf(reserved),
      ConditionExpression: `${absent} OR ${isTheirs}`,
      ExpressionAttributeValues: theirValue(reserved),
    },
  };
}

/**
 * Deletes the item that reserves an e-mail address for an administrator. Fails when the address is reserved for another
 * administrator. Does not fail without an item, because an earlier release stored no such items.
 */
export function freeReservedEmail(reserved: AdministratorEmail): Write<AdministratorEmail> {
  return {
    Delete: {
      Key: at(reserved),
      ConditionExpression: `${absent} OR ${isTheirs}`,
      ExpressionAttributeValues: theirValue(reserved),
    },
  };
}
