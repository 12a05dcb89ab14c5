import { HOUR, MINUTE } from '../time.ts';

/** "A session ends 12 hours after signing in, or after 30 to 35 minutes without use." */
export const SESSION_LASTS = 12 * HOUR;
/** A session that a recovery link opened and that may only add a passkey. */
export const RECOVERY_LASTS = 15 * MINUTE;
/** The last use of a session is written at most this often, */
export const LAST_USE_EVERY = 5 * MINUTE;
/** so a session ends 30 to 35 minutes after its last use. */
export const IDLE = 35 * MINUTE;
