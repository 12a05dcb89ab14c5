import type { AdministratorCaller } from '../callers.ts';
import { ReauthenticationRequiredError } from '../errors.ts';
import { MINUTE } from '../time.ts';

/** "… only signed in within the last 5 minutes …" */
const FRESH = 5 * MINUTE;

/** Whether the caller signed in, or added a passkey, within the last 5 minutes. */
export const isFresh = ({ session }: AdministratorCaller, now: number): boolean => now <= session.signedInAt + FRESH;

/** Throws `ReauthenticationRequiredError` unless the caller signed in, or added a passkey, within the last 5 minutes. */
export function requireFresh(caller: AdministratorCaller, now: number): void {
  if (isFresh(caller, now)) return;
  throw new ReauthenticationRequiredError(
    'This needs somebody who signed in within the last 5 minutes. Sign in again.',
  );
}

/**
 * The same of somebody who has a passkey, before what they sign in by is changed, or somebody gets the rights of a privileged
 * administrator or the representative: who comes upon a console that was left open must not get a way in that lasts. Not of
 * the session of a recovery link, which lasts 15 minutes and is told of.
 */
export function requireFreshWithPasskey(caller: AdministratorCaller, now: number): void {
  const { session, administrator } = caller;
  if ((administrator.passkeys ?? 0) > 0 && session.mayOnly === undefined) requireFresh(caller, now);
}
