/**
 * A month closes at 00:00 on this day of the next month. Until the month closes, operations of the month that arrive
 * late still count for the month.
 */
export const CLOSING_DAY = 4;
