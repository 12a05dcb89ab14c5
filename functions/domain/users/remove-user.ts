import { countOut } from '../../table/customers/registered-counts.ts';
import { countRpUsersOut } from '../../table/rps.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { removeCredential, type HandleContent } from '../../table/users/credentials.ts';
import { removeUserHandle, type UserHandle } from '../../table/users/user-handles.ts';
import { deleteUser, readUser, versionOf } from '../../table/users/users.ts';
import type { UserManager } from '../callers.ts';
import { customerNotActive, lostRights, noSuchUser, rpRemoved, staleVersion } from '../refusals.ts';
import type { Services } from '../services.ts';
import { readSettledContent } from './settled-content.ts';
import { changeBy, checkManager, rpOfManagerRemoved } from './user-manager.ts';
import { nameRemovalsOf } from './user-names.ts';

/**
 * Removes a user of the RP. One transaction deletes the user, the user's name and credentials, and lowers the RP's and
 * the customer's counts of registered users. The MAU of every month in which the user was active still includes the
 * user. If `version` is given, the user must have this version. Throws `NotFoundError` when the RP has no such user,
 * `VersionConflictError` when the user has another version, and `UnauthenticatedError` when the RP was removed, the
 * customer is not active or the caller has lost their rights.
 *
 * Ceremonies that the user has completed must not be accepted again, for example after the RP registers the user again.
 * So the handle item and the reservations of the credential IDs stay as tombstones for as long as their used challenges
 * must be kept (see `UsedChallenges`). They contain no personal data.
 *
 * The transaction fails when the user, the set of credentials or a used challenge has changed since it was read. The
 * function then reads everything again:
 *
 *     R reads the credentials: {A}          a registration adds B          a sign-in uses a challenge with A
 *     R's transaction fails: the version of the set, or A's used challenges, differ
 *     R reads the credentials: {A, B}, and removes both with their challenges
 *
 * From the third try on, sign-ins no longer let the transaction fail (see `removeCredential`), so each further
 * repetition needs an edit or another credential. If the process dies, the user is either removed as a whole or
 * unchanged.
 *
 * The function reads the user first. Otherwise, a request to remove an unknown user would cost a failed transaction:
 * write units for three items, and conflicts with the registrations of the customer.
 */
export async function removeUser(
  { table, clock, log }: Services,
  manager: UserManager,
  userId: string,
  version?: number,
): Promise<void> {
  const { customerId, rpRef } = manager;
  const change = changeBy(manager, { log }, 'user', {
    kind: 'user-removed',
    subject: { id: userId },
    before: { rpRef, users: 1 },
    after: null,
  });
  let user = version === undefined ? await readUser(table, rpRef, userId, 'eventual') : undefined;
  for (let failedTries = 0; ; failedTries += 1) {
    user ??= await readUser(table, rpRef, userId, 'strong');
    if (!user) throw noSuchUser();
    if (version !== undefined && versionOf(user) !== version) throw staleVersion('user');
    const content = await readSettledContent(table, rpRef, user);
    const failures = await transact(table, {
      audit: change.write,
      user: deleteUser(rpRef, user),
      ...nameRemovalsOf(rpRef, user),
      ...contentRemovals(rpRef, user.userHandle, content, { failedTries, now: clock.now() }),
      rp: countRpUsersOut(customerId, rpRef, 1),
      customer: countOut(customerId, { registeredUsers: 1 }),
      caller: checkManager(manager),
    });
    if (!failures) {
      change.log();
      return;
    }
    if (failures.caller) throw lostRights();
    if (failures.rp) throw rpOfManagerRemoved(manager);
    if (failures.customer) throw 'administrator' in manager ? customerNotActive() : rpRemoved();
    user = undefined;
  }
}

/**
 * Returns the writes that remove the handle item of a user and the user's credentials: at most 82, if each of the 20
 * credentials and the handle leave a tombstone.
 */
function contentRemovals(
  rpRef: string,
  userHandle: string | undefined,
  { handle, credentials }: HandleContent,
  { failedTries, now }: { readonly failedTries: number; readonly now: number },
): { readonly handle?: Write<UserHandle> | undefined } {
  if (userHandle === undefined || !handle) return {};
  const writes = credentials.flatMap((credential) => {
    const { credentialId } = credential;
    const removal = removeCredential({ rpRef, userHandle, credentialId }, credential, { failedTries, now });
    return Object.entries(removal).map(([part, write]) => [`${part} of ${credentialId}`, write] as const);
  });
  return {
    ...removeUserHandle(rpRef, userHandle, handle, now),
    ...Object.fromEntries(writes),
  };
}
