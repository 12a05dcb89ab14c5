/**
 * How many months the service keeps a month's active-user records and alert decisions, counted from the month's end.
 */
export const MONTHS_KEPT = 13;
