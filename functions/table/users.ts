import { userKey, usersOf } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent, exists } from './engine/conditions.ts';
import { readItem, readItems, readRange, type Consistency } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';

/** A user registered at an RP. */
export interface User {
  readonly userId: string;
  readonly displayName: string | null;
  /** The time of the registration, in epoch milliseconds. */
  readonly registeredAt: number;
}

/** Reads a user of the RP with the service's own ID `rpRef`. Returns undefined when the user is not registered. */
export function readUser(table: Table, rpRef: string, userId: string, consistency: Consistency) {
  return readItem<User>(table, userKey(rpRef, userId), consistency);
}

/**
 * Reads users in the order of the given IDs, which must be distinct. Returns undefined for each ID that is not
 * registered.
 */
export function readUsers(table: Table, rpRef: string, userIds: readonly string[], consistency: Consistency) {
  return readItems<User>(
    table,
    userIds.map((userId) => userKey(rpRef, userId)),
    consistency,
  );
}

/** Reads up to `limit` users of an RP, sorted by ID. Begins after the ID `after`, if `after` is given. */
export function readUsersOf(table: Table, rpRef: string, limit: number, after: string | undefined) {
  return readRange<User>(table, usersOf(rpRef), { consistency: 'strong', limit, after });
}

/**
 * Registers a user; fails when a user with the same ID is registered at the RP. This write belongs in one transaction
 * with the writes that raise the user counts of the RP and the customer.
 */
export function putUser(customerId: string, rpRef: string, user: User): Write<User> {
  return { Put: { Item: { ...userKey(rpRef, user.userId), customerId, ...user }, ConditionExpression: absent } };
}

/**
 * Removes a user; fails when the user is not registered at the RP. This write belongs in one transaction with the
 * writes that lower the user counts of the RP and the customer.
 */
export function deleteUser(rpRef: string, userId: string): Write<User> {
  return { Delete: { Key: userKey(rpRef, userId), ConditionExpression: exists } };
}
