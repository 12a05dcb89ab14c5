import type { AdministratorCaller } from '../callers.ts';
import { ReauthenticationRequiredError } from '../errors.ts';
import { MINUTE } from '../time.ts';

/** How long a sign-in counts as recent, in milliseconds. */
const RECENT = 5 * MINUTE;

/** Returns whether the caller signed in, or added a passkey, within the last 5 minutes. */
export const isRecentSignIn = ({ session }: AdministratorCaller, now: number): boolean =>
  now <= session.signedInAt + RECENT;

/**
 * Throws `ReauthenticationRequiredError` unless the caller signed in, or added a passkey, within the last 5 minutes.
 */
export function requireRecentSignIn(caller: AdministratorCaller, now: number): void {
  if (isRecentSignIn(caller, now)) return;
  throw new ReauthenticationRequiredError('Your last sign-in was more than 5 minutes ago. Sign in again first.');
}

/**
 * Throws `ReauthenticationRequiredError` when the caller has a passkey but neither signed in nor added a passkey within
 * the last 5 minutes. Callers must pass this check to change sign-in methods, and to make an administrator privileged
 * or the representative. Without this check, an attacker who finds a computer on which an administrator is signed in
 * could gain permanent access. A session that began with a recovery link is exempt: it lasts only 15 minutes and allows
 * only adding a passkey, and e-mails report this passkey.
 */
export function requireRecentSignInWithPasskey(caller: AdministratorCaller, now: number): void {
  const { session, administrator } = caller;
  if ((administrator.passkeys ?? 0) > 0 && session.mayOnly === undefined) requireRecentSignIn(caller, now);
}
