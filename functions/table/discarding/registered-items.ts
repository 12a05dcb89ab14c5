import pMap from 'p-map';
import type { ItemCounts } from '../customers/customers.ts';
import type { Table } from '../engine/client.ts';
import { isUnset } from '../engine/conditions.ts';
import { deleteItems, deleteOrReturn } from '../engine/deletes.ts';
import { readItems, readKeys } from '../engine/reads.ts';
import { credentialIdKeyFor, kindOf, tombstoneKeyIn, userHandleKeyFor, type Key } from '../keys.ts';
import type { UserHandle } from '../users/user-handles.ts';
import type { User } from '../users/users.ts';
import { addCounts, countKinds } from './item-counts.ts';

/**
 * An item of an RP's partition, with the attributes that the discarding needs. Only the items of users have these
 * attributes.
 *
 * Two kinds of items lead to items in other partitions. A user leads to the partition of the user handle, which
 * contains the handle item and the credentials; each credential leads to the reservation of its ID. A tombstone pointer
 * leads to a tombstone (see `tombstones.ts`).
 */
export type RegisteredItem = Key & Pick<Partial<User>, 'userHandle' | 'hasHandleItem'>;
export const REGISTERED_ATTRIBUTES = ['userHandle', 'hasHandleItem'] as const;

/** The number of users who are deleted, or whose handles are read, at the same time. */
const USERS_AT_ONCE = 20;
/** The maximum number of keys that one query of a handle's partition returns. A user has at most 41 items there. */
const KEYS_A_HANDLE = 100;

/**
 * Deletes items of an RP's partition and everything to which they lead. Returns how many items it deleted, by kind.
 * Requires that the RP was removed or that its customer is unsubscribing, so that nobody can register a user. A user
 * may still register a credential, because a process may have cached the API key.
 *
 * The item of a user goes last. If the process dies anywhere, the next call finds the user again and continues:
 *
 *     1. delete the handle item: from now on, no registration can add a credential (`countCredentialIn`)
 *     2. delete the reservations of the credential IDs, which only the credentials lead to
 *     3. delete the credentials, which only the user leads to
 *     4. delete the user
 *
 * A user without a handle item has no credential, but a registration that is in progress may add the first one. So the
 * delete of such a user has the condition that the user has no handle item. The registration's transaction changes the
 * user (`noteHandleItem`), so one of the two fails:
 *
 *     D reads the user: no handle item         a registration stores the handle item and a credential
 *     D's delete fails: the user has a handle item now
 *     D performs the steps 1 to 4
 */
export async function discardRegistered(table: Table, items: readonly RegisteredItem[]): Promise<ItemCounts> {
  const users = items.filter(isUser);
  const late = await deleteUsersWithoutHandle(
    table,
    users.filter(({ hasHandleItem }) => !hasHandleItem),
  );
  const withHandle = [...users.filter(({ hasHandleItem }) => hasHandleItem), ...late];
  const discarded = await discardHandles(table, withHandle.flatMap(handleKeyOf));
  // The handle or the credential ID of a tombstone may have been registered again. Then this call deletes a handle item
  // or a reservation that is in use, which does no harm: the user leads to the rest, and is deleted too.
  await deleteItems(
    table,
    items.flatMap((item) => tombstoneKeyIn(item) ?? []),
  );
  await deleteItems(table, [...items.filter((item) => !isUser(item)), ...withHandle]);
  return addCounts(countKinds(items), discarded);
}

/**
 * Counts the items to which items of an RP's partition lead, by kind, with one strongly consistent read of each handle
 * item: it says how many credentials the user has. Counts no tombstone, because its pointer is counted.
 */
export async function countBehind(table: Table, items: readonly RegisteredItem[]): Promise<ItemCounts> {
  const keys = items.filter(({ hasHandleItem }) => hasHandleItem).flatMap(handleKeyOf);
  const read = await readItems<UserHandle>(table, keys, 'strong');
  const handles = read.filter((handle) => handle !== undefined);
  const credentials = handles.reduce((sum, handle) => sum + handle.credentials, 0);
  return {
    ...(handles.length > 0 && { 'user-handle': handles.length }),
    ...(credentials > 0 && { credential: credentials, 'credential-info': credentials, 'credential-id': credentials }),
  };
}

const isUser = (item: RegisteredItem) => kindOf(item) === 'user';

/** Returns the key of a user's handle item. Returns no key for an item that is not a user with a handle. */
function handleKeyOf(item: RegisteredItem): Key[] {
  const key = item.userHandle === undefined ? undefined : userHandleKeyFor(item, item.userHandle);
  return key ? [key] : [];
}

/** Deletes users who have no handle item. Returns the users who have got one since they were read. */
async function deleteUsersWithoutHandle(table: Table, users: readonly Key[]): Promise<RegisteredItem[]> {
  const late = await pMap(users, (user) => deleteOrReturn<RegisteredItem>(table, user, isUnset('hasHandleItem')), {
    concurrency: USERS_AT_ONCE,
  });
  return late.filter((user) => user !== undefined);
}

/**
 * Deletes everything under the given handles. If the process dies, the rest stays under the handles, and each
 * reservation that stays still has its credential.
 */
async function discardHandles(table: Table, handles: readonly Key[]): Promise<ItemCounts> {
  await deleteItems(table, handles);
  const credentials = (await pMap(handles, ({ pk }) => keysUnder(table, pk), { concurrency: USERS_AT_ONCE })).flat();
  // During the discarding, a second user may have registered a credential whose reservation was just deleted. A batch
  // of writes must not name the same key twice.
  const ids = new Map(credentials.flatMap((key) => credentialIdKeyFor(key) ?? []).map((key) => [key.pk, key]));
  await deleteItems(table, [...ids.values()]);
  await deleteItems(table, credentials);
  return countKinds([...handles, ...ids.values(), ...credentials]);
}

/** Reads the keys of a partition with strongly consistent queries. */
async function keysUnder(table: Table, pk: string): Promise<Key[]> {
  const keys: Key[] = [];
  let after: string | undefined;
  do {
    const { items, lastSk } = await readKeys(table, { pk }, KEYS_A_HANDLE, after);
    keys.push(...items);
    after = lastSk;
  } while (after !== undefined);
  return keys;
}
