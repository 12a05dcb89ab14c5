import { countPasskeyOut } from '../../table/administrators.ts';
import { deletePasskey, readPasskey } from '../../table/signing-in/passkeys.ts';
import { transact } from '../../table/engine/transaction.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { ForbiddenError } from '../errors.ts';
import { lostRights, noSuchPasskey } from '../refusals.ts';
import { requireRecentSignInWithPasskey } from './recent-sign-in.ts';
import type { Services } from '../services.ts';

/**
 * Removes a passkey of the caller, so that nobody can sign in with the passkey. Throws `ReauthenticationRequiredError`
 * when the caller neither signed in nor added a passkey within the last 5 minutes, `NotFoundError` when the caller has
 * no such passkey, `ForbiddenError` for the last passkey, and `UnauthenticatedError` when the caller has lost their
 * rights. One transaction deletes the passkey and updates the administrator's count of passkeys, so that two requests
 * at the same time cannot remove the last two passkeys.
 */
export async function removePasskey(
  { table, clock, log }: Services,
  caller: AdministratorCaller,
  id: string,
): Promise<void> {
  requireRecentSignInWithPasskey(caller, clock.now());
  const { customerId, administratorId, sessionGeneration } = caller.administrator;
  const passkey = await readPasskey(table, { customerId, administratorId, id });
  if (!passkey) throw noSuchPasskey();
  const failures = await transact(table, {
    passkey: deletePasskey(passkey),
    administrator: countPasskeyOut(caller.administrator),
  });
  const counted = failures?.administrator?.item;
  if (failures?.administrator && counted?.sessionGeneration !== sessionGeneration) {
    throw lostRights();
  }
  if (failures?.passkey) throw noSuchPasskey();
  if (failures) throw new ForbiddenError('You cannot remove your last passkey. Add another one first.');
  logChange(log, {
    actor: actorOf(caller),
    what: 'passkey',
    customerId,
    before: { administratorId, id, name: passkey.name },
    after: null,
  });
}
