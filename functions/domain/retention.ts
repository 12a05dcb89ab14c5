/**
 * The number of months for which the service keeps a month's active-user records and alert decisions after the end of
 * the month.
 */
export const MONTHS_KEPT = 13;
