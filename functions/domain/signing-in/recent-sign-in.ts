import type { AdministratorCaller } from '../callers.ts';
import { ReauthenticationRequiredError } from '../errors.ts';
import { MINUTE } from '../time.ts';

/** "… only signed in within the last 5 minutes …" */
const RECENT = 5 * MINUTE;

/** Whether the caller signed in, or added a passkey, within the last 5 minutes. */
export const isRecentSignIn = ({ session }: AdministratorCaller, now: number): boolean =>
  now <= session.signedInAt + RECENT;

/** Throws `ReauthenticationRequiredError` unless the caller signed in, or added a passkey, within the last 5 minutes. */
export function requireRecentSignIn(caller: AdministratorCaller, now: number): void {
  if (isRecentSignIn(caller, now)) return;
  throw new ReauthenticationRequiredError('Your last sign-in was more than 5 minutes ago. Sign in again first.');
}

/**
 * The same of somebody who has a passkey, before what they sign in by is changed, or somebody gets the rights of a privileged
 * administrator or the representative: who comes upon a console that was left open must not get a way in that lasts. Not of
 * the session of a recovery link, which lasts 15 minutes and is told of.
 */
export function requireRecentSignInWithPasskey(caller: AdministratorCaller, now: number): void {
  const { session, administrator } = caller;
  if ((administrator.passkeys ?? 0) > 0 && session.mayOnly === undefined) requireRecentSignIn(caller, now);
}
