import { fssUserId } from '../../../contract/fss/values.ts';
import type { User } from '../../../table/users/users.ts';
import { findUserByHandle } from '../../users/find-user-by-handle.ts';
import type { FssRequest, FssServices } from '../fss-call.ts';
import { userNotFound } from '../fss-errors.ts';

/**
 * Finds the user with a user ID of the FSS format, with strongly consistent reads. A text that is no user ID belongs to
 * nobody. Throws `FssError` with `NOT_FOUND` when there is no such user, or the user is disabled and `withDisabled` is
 * false.
 */
export async function findFssUser(
  { table }: FssServices,
  { caller }: FssRequest,
  userId: string,
  withDisabled = true,
): Promise<User> {
  const user = fssUserId.safeParse(userId).success
    ? await findUserByHandle(table, caller.rpRef, userId, 'strong')
    : undefined;
  if (!user) throw userNotFound();
  if (user.disabled && !withDisabled) throw userNotFound('USER_IS_DISABLED');
  return user;
}
