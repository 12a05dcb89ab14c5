/**
 * A month closes at 00:00 on this day of the next month. Until then, operations of the month (sign-ins and passkey
 * registrations) that arrive late still count for the month.
 */
export const CLOSING_DAY = 4;
