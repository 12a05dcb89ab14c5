import { HOUR, MINUTE } from '../time.ts';

/** "A session ends 12 hours after signing in, or after 30 to 35 minutes without use." */
export const SESSION_LASTS = 12 * HOUR;
/** How long the session of a recovery link lasts. Such a session may only add a passkey. */
export const RECOVERY_LASTS = 15 * MINUTE;
/** The shortest time between two writes of a session's last use. */
export const LAST_USE_EVERY = 5 * MINUTE;
/**
 * How long after its stored last use a session ends. The stored last use may be up to 5 minutes earlier than the real
 * one, so a session ends 30 to 35 minutes after its real last use.
 */
export const IDLE = 35 * MINUTE;
