import type { Table } from '../../table/engine/client.ts';
import type { Consistency } from '../../table/engine/reads.ts';
import { readUserWithTakenName } from '../../table/users/user-names.ts';
import { readUserHandle } from '../../table/users/user-handles.ts';
import { readUser } from '../../table/users/users.ts';
import type { RpServer } from '../callers.ts';
import { comparableName, userNameTaken } from '../users/user-names.ts';
import { userHandleTaken, userIdTaken } from '../users/user-taken.ts';

/** The field with the name of a new user. */
export const USER_NAME = '#/user/userName';

/**
 * Throws `AlreadyExistsError` when the ID, the user handle or, if the RP requires unique names, the name of a new user
 * is taken. `userHandle` is undefined if it is random.
 */
export async function requireNewUser(
  table: Table,
  { rpRef, rp }: RpServer,
  { userId, userName, userHandle }: { userId: string; userName: string; userHandle: string | undefined },
  consistency: Consistency,
): Promise<void> {
  const [user, named, handle] = await Promise.all([
    readUser(table, rpRef, userId, consistency),
    rp.settings.uniqueUserNames
      ? readUserWithTakenName(table, rpRef, comparableName(userName), consistency)
      : undefined,
    userHandle === undefined ? undefined : readUserHandle(table, rpRef, userHandle, consistency),
  ]);
  if (user) throw userIdTaken();
  if (named) throw userNameTaken(USER_NAME);
  if (handle?.userId !== undefined) throw userHandleTaken();
}
