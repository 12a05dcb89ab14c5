/**
 * The service keeps the active-user records and the MAU alerts of a month for this many months after the month ends.
 */
export const MONTHS_KEPT = 13;
