import type { Administrator } from '../../table/administrators.ts';
import type { AdministratorCaller } from '../callers.ts';
import { ReauthenticationRequiredError } from '../errors.ts';
import { MINUTE, toIso } from '../time.ts';
import { countsWithPasskey, isPasskeyTooNew } from './new-passkeys.ts';
import { requireNoRecoveryHold } from './recovery-hold.ts';

/** How long a sign-in counts as recent, in milliseconds. */
const RECENT = 5 * MINUTE;

/**
 * Returns whether the caller signed in within the last 5 minutes with a passkey that is not too new, or with an
 * e-mailed link while they counted as an administrator without a passkey. A recovery link is not such a sign-in, even
 * after the person has added a passkey: adding a passkey proves nothing about the person who adds it.
 */
export const isRecentSignIn = ({ session }: AdministratorCaller, now: number): boolean =>
  (session.method === 'passkey' || session.method === 'link') &&
  !isPasskeyTooNew(session, now) &&
  now <= session.signedInAt + RECENT;

/**
 * Throws `ReauthenticationRequiredError` unless the caller's sign-in is recent, and `RecoveryHoldError` during a
 * recovery hold of the caller. Every caller must pass this check to unsubscribe, to change the representative, their
 * own e-mail address or a privilege, and to invite or remove a privileged administrator. Without this check, an
 * attacker who finds a computer on which an administrator is signed in could take over the customer or discard its
 * data.
 */
export function requireRecentSignIn(caller: AdministratorCaller, now: number): void {
  const { administrator } = caller;
  requireNoRecoveryHold(administrator, now);
  if (isRecentSignIn(caller, now)) return;
  const { passkeys = 0, passkeysCountFrom } = administrator;
  if (passkeys > 0 && passkeysCountFrom !== undefined && now < passkeysCountFrom)
    throw new ReauthenticationRequiredError(
      `This request needs a sign-in within the last 5 minutes. Your passkey was added without one, so sign in with an e-mailed link first. The passkey is accepted from ${toIso(passkeysCountFrom)}.`,
      passkeysCountFrom,
    );
  throw new ReauthenticationRequiredError(
    'This request needs a sign-in within the last 5 minutes, with a passkey or, if you have no passkey, with an e-mailed link. Sign in again first.',
  );
}

/**
 * Throws the errors of `requireRecentSignIn` when the caller counts as an administrator with a passkey. Such callers
 * must pass this check to create an API key, to remove an RP or a passkey, and to invite an administrator who is not
 * privileged. Other callers need not, because an e-mailed link for each of these frequent changes would be a burden.
 */
export function requireRecentSignInWithPasskey(caller: AdministratorCaller, now: number): void {
  if (countsWithPasskey(caller.administrator, now)) requireRecentSignIn(caller, now);
  else requireNoRecoveryHold(caller.administrator, now);
}

/**
 * Throws the errors of `requireRecentSignIn` when the caller may not invite an administrator with this privilege now,
 * for the first time or again. Sending the invitation again can revive an expired one, which is the same as adding the
 * administrator. During a hold, an intruder could otherwise invite an accomplice, who stays after the recovery is
 * undone. An accomplice without a passkey could create API keys and remove RPs, for which the caller needs a recent
 * sign-in.
 */
export function requireRightToInvite(
  caller: AdministratorCaller,
  privilege: Administrator['privilege'],
  now: number,
): void {
  if (privilege === 'privileged') requireRecentSignIn(caller, now);
  else requireRecentSignInWithPasskey(caller, now);
}

/**
 * Throws the errors of `requireRecentSignInWithPasskey` when the caller may not add a passkey now. A recovery session,
 * which may only add a passkey, always passes this check. It lasts only 15 minutes, and the passkey begins a recovery
 * hold.
 */
export function requireRightToAddPasskey(caller: AdministratorCaller, now: number): void {
  if (caller.session.mayOnly === undefined) requireRecentSignInWithPasskey(caller, now);
}
