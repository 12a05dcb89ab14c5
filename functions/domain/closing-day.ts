/**
 * A month closes at 00:00 on this day of the next month. Until the month closes, late operations still count for the
 * month.
 */
export const CLOSING_DAY = 4;
