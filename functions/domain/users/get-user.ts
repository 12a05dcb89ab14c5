import type { UserView } from '../../contract/users.ts';
import { readUserHandle } from '../../table/users/user-handles.ts';
import { readUser } from '../../table/users/users.ts';
import type { RpCaller } from '../callers.ts';
import { noSuchUser } from '../refusals.ts';
import type { Services } from '../services.ts';
import { userView } from './user-view.ts';

/**
 * Returns a user of the caller's RP, from a strongly consistent read. Throws `NotFoundError` when the RP has no such
 * user.
 */
export async function getUser({ table }: Services, { rpRef }: RpCaller, userId: string): Promise<UserView> {
  const user = await readUser(table, rpRef, userId, 'strong');
  if (!user) throw noSuchUser();
  const handle =
    user.userHandle === undefined ? undefined : await readUserHandle(table, rpRef, user.userHandle, 'strong');
  return userView(user, handle);
}
