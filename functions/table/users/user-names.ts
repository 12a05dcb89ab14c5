import { takenUserNameKey, userNameKey, usersNamed } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent } from '../engine/conditions.ts';
import { readItem, readRange, type Consistency, type Page } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/**
 * The items with which the service finds users by name. All functions take names in the form in which names are
 * compared (`comparableName`). A user whose name is the user ID has no such item, unless the RP requires unique names.
 *
 * At an RP that requires unique names, a name has one item, which also reserves the name. At other RPs, several users
 * may have the same name, and each has an item. A name is given to a user and taken from the user in the transaction
 * that writes the user, so a name leads only to users who have it.
 */
export interface NamedUser {
  readonly userId: string;
}

/** Reads who has a unique name of an RP. Returns undefined when nobody has it. */
export function readUserWithTakenName(table: Table, rpRef: string, name: string, consistency: Consistency) {
  return readItem<NamedUser>(table, takenUserNameKey(rpRef, name), consistency);
}

/**
 * Reads the IDs of up to `limit` users of an RP who have a name that is not reserved, sorted by ID. Begins after the ID
 * `after`, if `after` is given.
 */
export async function readUserIdsNamed(
  table: Table,
  rpRef: string,
  name: string,
  options: { readonly consistency: Consistency; readonly limit: number; readonly after: string | undefined },
): Promise<Page<string>> {
  const { items, last } = await readRange<NamedUser>(table, usersNamed(rpRef, name), options);
  return { items: items.map(({ userId }) => userId), last };
}

/** Lets the service find a user by a name that other users may have too. */
export function putUserName(rpRef: string, name: string, userId: string): Write<NamedUser> {
  return { Put: { Item: { ...userNameKey(rpRef, name, userId), userId } } };
}

/** Reserves a name for a user; fails when another user of the RP has the name. */
export function takeUserName(rpRef: string, name: string, userId: string): Write<NamedUser> {
  return { Put: { Item: { ...takenUserNameKey(rpRef, name), userId }, ConditionExpression: absent } };
}

/**
 * Takes a name from a user. `isTaken` says whether the name is reserved for the user. Belongs in the transaction that
 * changes or removes the user, on the condition that the user is unchanged and therefore still has the name.
 */
export function deleteUserName(rpRef: string, name: string, userId: string, isTaken: boolean): Write<NamedUser> {
  return { Delete: { Key: isTaken ? takenUserNameKey(rpRef, name) : userNameKey(rpRef, name, userId) } };
}
