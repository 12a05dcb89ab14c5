import type { UserView } from '../../contract/users.ts';
import type { Table } from '../../table/engine/client.ts';
import { readUserHandle } from '../../table/users/user-handles.ts';
import { readUser, type User } from '../../table/users/users.ts';
import type { UserManager } from '../callers.ts';
import { noSuchUser } from '../refusals.ts';
import type { Services } from '../services.ts';
import { userView } from './user-view.ts';

/**
 * Returns a user of the RP, from strongly consistent reads. Throws `NotFoundError` when the RP has no such user.
 */
export async function getUser({ table }: Services, { rpRef }: UserManager, userId: string): Promise<UserView> {
  const user = await readUser(table, rpRef, userId, 'strong');
  if (!user) throw noSuchUser();
  return userView(user, await readHandleOf(table, rpRef, user));
}

/** Reads the handle item of a user, with a strongly consistent read. Makes no call for a user who has none. */
export function readHandleOf(table: Table, rpRef: string, { userHandle, hasHandleItem }: User) {
  return userHandle === undefined || !hasHandleItem
    ? Promise.resolve(undefined)
    : readUserHandle(table, rpRef, userHandle, 'strong');
}
