import type { PasskeyView } from '../../contract/passkeys.ts';
import type { RegistrationResponse } from '../../contract/values/webauthn.ts';
import { countPasskeyIn, type Administrator } from '../../table/administrators.ts';
import { useChallenge } from '../../table/signing-in/challenges.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { putPasskey, type Passkey } from '../../table/signing-in/passkeys.ts';
import { extendSession } from '../../table/signing-in/sessions.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { AlreadyExistsError } from '../errors.ts';
import { challengeNotValid, lostRights } from '../refusals.ts';
import { passkeyIdOf } from '../ids.ts';
import { mailsAboutPasskey } from './mails-about-passkey.ts';
import { passkeyView } from './passkey-view.ts';
import { MAX_PASSKEYS, requireRoomForPasskey, tooManyPasskeys } from './passkey-limit.ts';
import { verifyNewPasskey } from './verify-new-passkey.ts';
import { newPasskeyCountsFrom } from '../sessions/new-passkeys.ts';
import { isRecentSignIn, requireRightToAddPasskey } from '../sessions/recent-sign-in.ts';
import { recoveryAt } from '../sessions/recovery-hold.ts';
import type { Services } from '../services.ts';
import { SESSION_LASTS } from '../sessions/session-lifetime.ts';
import { toIso, toTtl } from '../time.ts';

/**
 * Adds a passkey that the caller has just created, and notifies the caller by e-mail. A recovery session, which began
 * with a recovery link, becomes a full session for 12 hours, a recovery hold of the caller begins, and e-mails also
 * notify the customer's privileged administrators. The function writes in one transaction: if the process dies, either
 * the passkey is stored, its challenge is used, the session is extended, the hold has begun and the e-mails are stored,
 * or nothing has changed. Returns the passkey, and the remaining lifetime of the session in milliseconds.
 *
 * Throws `InvalidInputError` when the challenge in the authenticator's response is not valid or the verification
 * refuses the response, `AlreadyExistsError` for a passkey that is already stored, `ForbiddenError` when the caller has
 * the maximum number of passkeys, the errors of `requireRightToAddPasskey` as of the time at which the ceremony began,
 * and `UnauthenticatedError` when the caller has lost their rights or signed out, or the customer is not active. The
 * transaction fails if one of these events happened after the function read the items:
 *
 * - The caller reached the maximum number of passkeys.
 * - The caller lost rights, was removed or signed out.
 * - The challenge was used.
 * - The customer unsubscribed.
 * - The caller got the first passkey, a recovery link added a passkey, or `passkeysCountFrom` changed. The function
 *   then starts again.
 *
 * Because of the last condition, undoing a recovery removes every passkey that was added since the recovery began:
 *
 *     A: no hold is read ─ B: recovery adds P1, hold begins ─ A: recovery adds P2 ✗  again: P2 belongs to B's recovery
 *     A: no hold is read ─ B: recovery adds P1, hold begins ─ A: full session adds P2 ✗  again: refused by the hold
 *     A: the hold is read ─ the recovery is undone ────────── A: recovery adds P2 ✗  A's session has ended
 */
export async function addPasskey(
  services: Services,
  caller: AdministratorCaller,
  added: { name: string; passkey: RegistrationResponse },
): Promise<{ passkey: PasskeyView; sessionLasts: number }> {
  const { name, passkey: response } = added;
  const { table, clock } = services;
  const { token, session, administrator } = caller;
  const { customerId, administratorId } = administrator;
  const recovers = session.mayOnly !== undefined;
  requireRoomForPasskey(administrator);
  const ceremony = { kind: 'registration', customerId, administratorId } as const;
  const { challenge, beganAt, credential } = await verifyNewPasskey(services, ceremony, response);
  requireRightToAddPasskey(caller, beganAt);

  const now = clock.now();
  const recovery = recovers ? recoveryAt(administrator, now) : undefined;
  const countsFrom = recovers || isRecentSignIn(caller, beganAt) ? undefined : newPasskeyCountsFrom(now);
  const passkey: Passkey = {
    customerId,
    administratorId,
    id: passkeyIdOf(credential.id),
    credentialId: credential.id,
    publicKey: credential.publicKey,
    signCount: credential.signCount,
    transports: credential.transports,
    name,
    createdAt: now,
    lastUsedAt: null,
    recoveredAt: recovery?.recoveredAt,
    countsFrom,
  };
  const expiresAt = recovers ? now + SESSION_LASTS : session.expiresAt;
  const change = newChange(services, caller, customerId, {
    kind: 'passkey-added',
    subject: { id: passkey.id, name },
    before: null,
    after: {
      administratorId,
      id: passkey.id,
      name,
      ...(recovers && { by: 'recovery-link' }),
      countsFrom: countsFrom === undefined ? undefined : toIso(countsFrom),
    },
  });
  const failures = await transact(table, {
    challenge: useChallenge(challenge, ceremony),
    passkey: putPasskey(passkey),
    administrator: countPasskeyIn(administrator, MAX_PASSKEYS, { recovery, passkeysCountFrom: countsFrom }),
    customer: checkCustomerActive(customerId),
    session: extendSession(token, now, expiresAt, toTtl(expiresAt)),
    audit: change.write,
    ...mailsAboutPasskey(caller, passkey, recovery?.recoveryHoldUntil, services.requestId),
  });
  const counted = failures?.administrator?.item;
  const hasLostRights = failures?.administrator && counted?.sessionGeneration !== administrator.sessionGeneration;
  if (failures?.session || failures?.customer || hasLostRights) throw lostRights();
  if (failures?.challenge) throw challengeNotValid();
  if (failures?.passkey) throw new AlreadyExistsError('This passkey was added already.');
  if (counted && hasChanged(administrator, counted))
    return addPasskey(services, { ...caller, administrator: counted }, added);
  if (failures) throw tooManyPasskeys();
  change.log();
  return { passkey: passkeyView(passkey), sessionLasts: expiresAt - now };
}

/**
 * Returns whether, between two reads, an administrator got the first passkey, a recovery link added a passkey, or
 * `passkeysCountFrom` changed.
 */
const hasChanged = (read: Administrator, again: Administrator): boolean =>
  ((read.passkeys ?? 0) === 0 && (again.passkeys ?? 0) > 0) ||
  read.recoveryHoldUntil !== again.recoveryHoldUntil ||
  read.passkeysCountFrom !== again.passkeysCountFrom;
