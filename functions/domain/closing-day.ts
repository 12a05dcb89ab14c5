/** The day of the next month at whose 00:00 a month closes. Until then, late operations still count for the month. */
export const CLOSING_DAY = 4;
