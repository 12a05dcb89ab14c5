import { userId as validUserId } from '../../contract/values/values.ts';
import type { Table } from '../../table/engine/client.ts';
import type { Consistency } from '../../table/engine/reads.ts';
import { readUserHandle } from '../../table/users/user-handles.ts';
import { readUser, type User } from '../../table/users/users.ts';

/**
 * Finds a user by the user handle (canonical base64url). Returns undefined when no user of the RP has the handle.
 *
 * The handle item leads to the user. A user without a handle item is found only if the user ID is the handle: a native
 * route registered the user with a random handle, and nothing leads from the handle to the user before the first
 * credential.
 */
export async function findUserByHandle(
  table: Table,
  rpRef: string,
  userHandle: string,
  consistency: Consistency,
): Promise<User | undefined> {
  const [handle, withThisId] = await Promise.all([
    readUserHandle(table, rpRef, userHandle, consistency),
    validUserId.safeParse(userHandle).success ? readUser(table, rpRef, userHandle, consistency) : undefined,
  ]);
  const owner = handle?.userId ?? userHandle;
  const user = owner === userHandle ? withThisId : await readUser(table, rpRef, owner, consistency);
  return user?.userHandle === userHandle ? user : undefined;
}
