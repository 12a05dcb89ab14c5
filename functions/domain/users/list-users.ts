import type { UserView } from '../../contract/users.ts';
import { userId } from '../../contract/values/values.ts';
import type { Table } from '../../table/engine/client.ts';
import { readUserIdsNamed, readUserWithTakenName } from '../../table/users/user-names.ts';
import { readUserHandles } from '../../table/users/user-handles.ts';
import { readUsers, readUsersOf, type User } from '../../table/users/users.ts';
import type { UserManager } from '../callers.ts';
import { listAnswer, type Page } from '../pages.ts';
import type { Services } from '../services.ts';
import { comparableName, userNameOf } from './user-names.ts';
import { userView } from './user-view.ts';

/**
 * Returns a page of at most `limit` users of the RP, sorted by user ID: all users, or the users with the name
 * `userName`. The numbers of credentials are from eventually consistent reads.
 */
export async function listUsers(
  { table }: Services,
  { rpRef }: UserManager,
  { limit, cursor, userName }: Page & { readonly userName?: string | undefined },
) {
  const { users, last } =
    userName === undefined
      ? await readUsersOf(table, rpRef, limit, cursor).then((page) => ({ users: page.items, last: page.last }))
      : await findUsers(table, rpRef, userName, { limit, after: cursor });
  return listAnswer(await viewsOf(table, rpRef, users), last);
}

/** Returns the views of users. Reads the handle items of users who have one with one call. */
async function viewsOf(table: Table, rpRef: string, users: readonly User[]): Promise<UserView[]> {
  const handles = users.flatMap(({ userHandle, hasHandleItem }) => (userHandle && hasHandleItem ? [userHandle] : []));
  const items = handles.length === 0 ? [] : await readUserHandles(table, rpRef, handles, 'eventual');
  const found = new Map(handles.map((handle, index) => [handle, items[index]]));
  return users.map((user) => userView(user, found.get(user.userHandle ?? '')));
}

/**
 * Finds up to `limit` users by name, sorted by user ID, with strongly consistent reads. Begins after the ID `after`.
 * Also returns the ID after which the next page begins; undefined on the last page. Reads at most `limit` name items,
 * so the cost is bounded, whatever number of users has the name.
 *
 * A user without a name of their own has no name item. The function finds this user by the ID, as it is written in
 * `userName` or in the form in which names are compared.
 */
async function findUsers(
  table: Table,
  rpRef: string,
  userName: string,
  { limit, after }: { readonly limit: number; readonly after: string | undefined },
): Promise<{ users: User[]; last: string | undefined }> {
  const name = comparableName(userName);
  const [taken, named] = await Promise.all([
    readUserWithTakenName(table, rpRef, name, 'strong'),
    readUserIdsNamed(table, rpRef, name, { consistency: 'strong', limit, after }),
  ]);
  const byId = [userName, name, ...(taken ? [taken.userId] : [])].filter((id) => userId.safeParse(id).success);
  const candidates = [...new Set([...byId, ...named.items])]
    // A candidate behind the last name item that was read belongs to a later page.
    .filter((id) => (after === undefined || id > after) && (named.last === undefined || id <= named.last))
    .sort();
  const ids = candidates.slice(0, limit);
  const read = await readUsers(table, rpRef, ids, 'strong');
  return {
    users: read.filter((user) => user !== undefined).filter((user) => comparableName(userNameOf(user)) === name),
    last: candidates.length > limit || named.last !== undefined ? ids.at(-1) : undefined,
  };
}
