import { deleteItems } from './engine/deletes.ts';
import { userKey, usersOf } from './keys.ts';
import { readItem, readItems, readRange, type Consistency } from './engine/reads.ts';
import type { Table } from './engine/client.ts';
import { absent, exists, type Write } from './engine/transaction.ts';

/** A user registered at an RP. */
export interface User {
  readonly userId: string;
  readonly displayName: string | null;
  readonly registeredAt: number;
}

export function readUser(table: Table, rp: string, userId: string, consistency: Consistency) {
  return readItem<User>(table, userKey(rp, userId), consistency);
}

/** Reads users in the order of their distinct IDs; those not registered are undefined. */
export function readUsers(table: Table, rp: string, userIds: readonly string[], consistency: Consistency) {
  return readItems<User>(
    table,
    userIds.map((userId) => userKey(rp, userId)),
    consistency,
  );
}

/** Reads up to `limit` users of an RP behind the one with the ID `after`. */
export function readUsersOf(table: Table, rp: string, limit: number, after: string | undefined) {
  return readRange<User>(table, usersOf(rp), {
    consistency: 'strong',
    limit,
    after: after && userKey(rp, after).sk,
  });
}

export function putUser(customerId: string, rp: string, user: User): Write {
  return { Put: { Item: { ...userKey(rp, user.userId), customerId, ...user }, ConditionExpression: absent } };
}

export function deleteUser(rp: string, userId: string): Write {
  return { Delete: { Key: userKey(rp, userId), ConditionExpression: exists } };
}

/** Deletes users, registered or not. If the process dies, some are deleted; the same again deletes the rest. */
export async function deleteUsers(table: Table, rp: string, userIds: readonly string[]): Promise<void> {
  await deleteItems(
    table,
    userIds.map((userId) => userKey(rp, userId)),
  );
}
