import { checkCaller, removeRecovery } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { putMailWith } from '../../table/mails.ts';
import { deletePasskey } from '../../table/signing-in/passkeys.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { newMail } from '../mail/new-mail.ts';
import { lostRights, noSuchAdministrator } from '../refusals.ts';
import { readWithPasskeys } from '../signing-in/read-with-passkeys.ts';
import { recoveryHoldUntil } from '../sessions/recovery-hold.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';

/**
 * Undoes the recovery of an administrator. One transaction deletes the passkeys that recovery links added since the
 * recovery began, ends all sessions of the administrator and the recovery hold, and stores an e-mail that notifies the
 * administrator. If the process dies, either all of this is done or nothing has changed. The older passkeys stay.
 *
 * The transaction checks the number of the administrator's passkeys and the recovery. If another request changes them
 * after this function has read them, the transaction fails (✗), and the function reads them again. Each line shows a
 * possible order of events:
 *
 *     {P1, P2} is read ─ another recovery link adds P3 ─ undoing ✗  again: P2 and P3 are removed
 *     {P1, P2} is read ─ another request undoes ──────── undoing ✗  again: there is nothing to undo
 *     the recovery is undone ─ a sign-in with P2 that has read P2 ✗ because P2 no longer exists
 *     a sign-in with P2 ────── the recovery is undone: the session has an old session generation, so it has ended
 *
 * Throws `NotFoundError` when the customer has no administrator with this ID or the administrator is in no recovery
 * hold. Throws `ForbiddenError` when callers try to undo their own recovery without having signed in with an older
 * passkey: the passkey of the recovery proves only that its owner reads the administrator's e-mails.
 */
export async function undoRecovery(
  services: Services,
  caller: AdministratorCaller,
  administratorId: string,
): Promise<void> {
  const { table, clock, requestId } = services;
  const { customerId, name: customerName, representativeId } = caller.customer;
  const now = clock.now();
  const read = await readWithPasskeys(table, customerId, administratorId);
  if (!read) throw noSuchAdministrator();
  const { administrator, passkeys } = read;
  const { recoveredAt, name, email: to, language } = administrator;
  const until = recoveryHoldUntil(administrator, now);
  if (until === undefined || recoveredAt === undefined) throw new NotFoundError('There is no recovery to undo.');
  const removed = passkeys.filter((passkey) => passkey.recoveredAt === recoveredAt);
  const isOwn = administratorId === caller.administrator.administratorId;
  const isOlder = ({ id }: { id: string }) => !removed.some((passkey) => passkey.id === id);
  if (isOwn && !passkeys.some((passkey) => passkey.id === caller.session.passkeyId && isOlder(passkey)))
    throw new ForbiddenError(
      'To undo your own recovery, sign in with a passkey that you had before the recovery. Another privileged administrator can also undo it.',
    );

  const change = newChange(services, caller, customerId, {
    kind: 'recovery-undone',
    subject: { id: administratorId, name },
    before: { administratorId, recoveryHoldUntil: toIso(until), passkeys: passkeys.map(({ id }) => id) },
    after: { administratorId, recoveryHoldUntil: null, passkeys: passkeys.filter(isOlder).map(({ id }) => id) },
  });
  const failures = await transact(table, {
    audit: change.write,
    ...Object.fromEntries(removed.map((passkey) => [passkey.id, deletePasskey(passkey)])),
    // A DynamoDB transaction can have only one operation on each item. So when callers undo their own recovery, this
    // write also checks the caller's rights.
    administrator: removeRecovery(
      administrator,
      passkeys.length - removed.length,
      isOwn ? caller.administrator : undefined,
    ),
    customer: checkCustomerActive(customerId),
    caller: isOwn ? undefined : checkCaller(caller.administrator),
    mail: putMailWith(
      ...newMail(
        {
          template: 'recovery-undone',
          to,
          language,
          customerId,
          customerName,
          name,
          undoneBy: caller.administrator.name,
          undoneAt: now,
          isRepresentatives: administratorId === representativeId,
        },
        now,
        requestId,
      ),
    ),
  });
  const hasLostRights =
    isOwn &&
    failures?.administrator &&
    failures.administrator.item?.sessionGeneration !== caller.administrator.sessionGeneration;
  if (failures?.caller || failures?.customer || hasLostRights) throw lostRights();
  if (failures) return undoRecovery(services, caller, administratorId);
  change.log();
}
