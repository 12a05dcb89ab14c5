import { countPasskeyOut } from '../../table/administrators.ts';
import { putMailWith } from '../../table/mails.ts';
import { deletePasskey, readPasskey } from '../../table/signing-in/passkeys.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { ForbiddenError } from '../errors.ts';
import { newMail } from '../mail/new-mail.ts';
import { lostRights, noSuchPasskey } from '../refusals.ts';
import { requireRecentSignInWithPasskey } from '../sessions/recent-sign-in.ts';
import type { Services } from '../services.ts';

/**
 * Removes a passkey of the caller and notifies the caller by e-mail. Nobody can sign in with the passkey afterwards,
 * and the sessions that were opened with the passkey end. Throws `ReauthenticationRequiredError` when the caller did
 * not sign in within the last 5 minutes, `RecoveryHoldError` during a recovery hold of the caller, `NotFoundError` when
 * the caller has no such passkey, `ForbiddenError` for the last passkey, and `UnauthenticatedError` when the caller has
 * lost their rights.
 *
 * One transaction deletes the passkey, updates the administrator's count of passkeys and stores the e-mail. If the
 * process dies, either all of this is done or nothing has changed. Because of the conditions on the administrator, two
 * requests at the same time cannot remove the last two passkeys, and a removal cannot leave only the passkey of a
 * recovery:
 *
 *     no hold is read, {P1} ─ recovery adds P2, hold begins ─ removal of P1 ✗  again: refused by the hold
 */
export async function removePasskey(services: Services, caller: AdministratorCaller, id: string): Promise<void> {
  const { table, clock, requestId } = services;
  const now = clock.now();
  requireRecentSignInWithPasskey(caller, now);
  const { customer, administrator } = caller;
  const {
    customerId,
    administratorId,
    name,
    email: to,
    language,
    sessionGeneration,
    recoveryHoldUntil,
  } = administrator;
  const passkey = await readPasskey(table, { customerId, administratorId, id });
  if (!passkey) throw noSuchPasskey();
  const change = newChange(services, caller, customerId, {
    kind: 'passkey-removed',
    subject: { id, name: passkey.name },
    before: { administratorId, id, name: passkey.name },
    after: null,
  });
  const failures = await transact(table, {
    passkey: deletePasskey(passkey),
    administrator: countPasskeyOut(administrator),
    audit: change.write,
    mail: putMailWith(
      ...newMail(
        {
          template: 'passkey-removed',
          to,
          language,
          customerId,
          customerName: customer.name,
          name,
          passkeyName: passkey.name,
          removedAt: now,
          isRepresentatives: administratorId === customer.representativeId,
        },
        now,
        requestId,
      ),
    ),
  });
  const counted = failures?.administrator?.item;
  if (failures?.administrator && counted?.sessionGeneration !== sessionGeneration) {
    throw lostRights();
  }
  if (failures?.passkey) throw noSuchPasskey();
  if (counted && counted.recoveryHoldUntil !== recoveryHoldUntil)
    return removePasskey(services, { ...caller, administrator: counted }, id);
  if (failures) throw new ForbiddenError('You cannot remove your last passkey. Add another one first.');
  change.log();
}
