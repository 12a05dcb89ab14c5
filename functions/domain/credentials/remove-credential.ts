import { transact } from '../../table/engine/transaction.ts';
import { removeCredential as removal } from '../../table/users/credentials.ts';
import { countCredentials, readUserHandle } from '../../table/users/user-handles.ts';
import type { UserManager } from '../callers.ts';
import { lostRights, noSuchCredential, staleVersion } from '../refusals.ts';
import type { Services } from '../services.ts';
import { changeBy, checkManager } from '../users/user-manager.ts';
import { findCredential, type RequestedCredential } from './find-credential.ts';

/**
 * Removes a credential of a user: nobody can sign in with it afterwards. If `version` is given, the credential must
 * have this version. Throws the errors of `findCredential`, `VersionConflictError` when the credential has another
 * version, and `UnauthenticatedError` when the caller has lost their rights.
 *
 * One transaction deletes the credential and lowers the numbers of the user's credentials. The reservation of the
 * credential ID stays as a tombstone for as long as the used challenges must be kept, so that the service accepts no
 * response a second time after somebody registers the same credential again. The registration's own challenge stays in
 * the handle item.
 *
 * The transaction fails when a sign-in has used another challenge with the credential, or when the set of the user's
 * credentials has changed. The function then reads everything again. From the third try on, sign-ins no longer let the
 * transaction fail, so each further repetition needs an edit or another credential. If the process dies, the credential
 * is either removed as a whole or unchanged.
 */
export async function removeCredential(
  { table, clock, log }: Services,
  manager: UserManager,
  requested: RequestedCredential,
  version?: number,
): Promise<void> {
  const { rpRef } = manager;
  for (let failedTries = 0; ; failedTries += 1) {
    const { name, credential } = await findCredential(table, rpRef, requested);
    if (version !== undefined && credential.version !== version) throw staleVersion('credential');
    const handle = await readUserHandle(table, rpRef, name.userHandle, 'strong');
    if (!handle) throw noSuchCredential();
    const change = changeBy(manager, { log }, 'credential', {
      kind: 'credential-removed',
      subject: { id: requested.userId, name: credential.name },
      before: { rpRef, credentials: 1 },
      after: null,
    });
    const failures = await transact(table, {
      audit: change.write,
      ...removal(name, credential, { failedTries, now: clock.now() }),
      handle: countCredentials(rpRef, name.userHandle, handle, { removed: 1, enabled: credential.disabled ? 0 : -1 }),
      caller: checkManager(manager),
    });
    if (!failures) {
      change.log();
      return;
    }
    if (failures.caller) throw lostRights();
  }
}
