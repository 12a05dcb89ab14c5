/**
 * The number of months for which an active-user record, and each alert decision, is kept after the month that it
 * belongs to.
 */
export const MONTHS_KEPT = 13;
