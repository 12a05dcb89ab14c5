import { HOUR, MINUTE } from '../time.ts';

/** "A session ends 12 hours after signing in, or after 30 to 35 minutes without use." */
export const SESSION_LASTS = 12 * HOUR;
/** How long the session of a recovery link lasts, which may only add a passkey. */
export const RECOVERY_LASTS = 15 * MINUTE;
/** The shortest time between two writes of a session's last use. */
export const LAST_USE_EVERY = 5 * MINUTE;
/** Since the stored last use is up to 5 minutes old, a session ends 30 to 35 minutes after its real last use. */
export const IDLE = 35 * MINUTE;
