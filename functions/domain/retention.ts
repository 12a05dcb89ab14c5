/** For how many months after a month the service keeps the month's active-user records and alert decisions. */
export const MONTHS_KEPT = 13;
