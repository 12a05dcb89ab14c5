import type { Administrator } from '../../table/administrators.ts';
import type { Session } from '../../table/signing-in/sessions.ts';
import { HOUR, MINUTE } from '../time.ts';

/** How long a session lasts after the sign-in, in milliseconds, if the session is used at least every 30 minutes. */
export const SESSION_LASTS = 12 * HOUR;
/**
 * How long a recovery session lasts, in milliseconds. A recovery session begins when a caller signs in with a recovery
 * link. In this session, the caller can only add a passkey.
 */
export const RECOVERY_LASTS = 15 * MINUTE;
/** The shortest time, in milliseconds, between two updates of a session's `lastUsedAt`. */
export const LAST_USE_EVERY = 5 * MINUTE;
/**
 * An unused session ends when this time, in milliseconds, has passed since the session's `lastUsedAt`. `lastUsedAt` may
 * be up to 5 minutes earlier than the real last use, so a session ends 30 to 35 minutes after its real last use.
 */
const IDLE = 35 * MINUTE;

/**
 * Returns whether a session of an administrator or an operator has not expired and was not unused for too long at the
 * time `now`.
 */
export const isInTime = (
  { expiresAt, lastUsedAt }: { readonly expiresAt: number; readonly lastUsedAt: number },
  now: number,
): boolean => now < expiresAt && now < lastUsedAt + IDLE;

/**
 * Returns whether a session is valid at the time `now`: the session has not expired and was not unused for too long,
 * its administrator has lost no rights since the sign-in, and, if a link opened the session, the administrator's
 * address has not changed since the sign-in.
 */
export function isValid(
  { generation, email, emailVersion = 0, ...times }: Session,
  administrator: Administrator,
  now: number,
): boolean {
  return (
    isInTime(times, now) &&
    administrator.sessionGeneration === generation &&
    (email === undefined || (email === administrator.email && emailVersion === (administrator.emailVersion ?? 0)))
  );
}
