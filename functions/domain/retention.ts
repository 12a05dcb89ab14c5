/**
 * For how many months after the end of a month the service keeps the month's active-user records and alert decisions.
 */
export const MONTHS_KEPT = 13;
