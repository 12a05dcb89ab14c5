import type { AdministratorCaller } from './callers.ts';
import { ReauthenticationRequiredError } from './errors.ts';
import { MINUTE } from './time.ts';

/** "… only signed in within the last 5 minutes …" */
const FRESH = 5 * MINUTE;

/** Throws `ReauthenticationRequiredError` unless the caller signed in, or added a passkey, within the last 5 minutes. */
export function requireFresh({ session }: AdministratorCaller, now: number): void {
  if (now <= session.signedInAt + FRESH) return;
  throw new ReauthenticationRequiredError(
    'This needs somebody who signed in within the last 5 minutes. Sign in again.',
  );
}

/**
 * The same, before what somebody with a passkey signs in by is changed: who comes upon a console that was left open must not
 * get a way in of their own. Not of the session of a recovery link, which lasts 15 minutes and is told of.
 */
export function requireFreshWithPasskey(caller: AdministratorCaller, now: number): void {
  const { session, administrator } = caller;
  if ((administrator.passkeys ?? 0) > 0 && session.mayOnly === undefined) requireFresh(caller, now);
}
