/** A month is closed on this day of the next month, at 00:00. */
const CLOSING_DAY = '04';
/** The service keeps the active users of a month for this many months after the month. */
const MONTHS_KEPT = 13;
/** The number of months, before the current month, whose audit entries the service keeps at least in part. */
const MONTHS_AUDITED = 13;

/**
 * Returns the month that is `count` months after a month such as `2026-11`. A negative `count` returns an earlier
 * month.
 */
export function monthsAfter(month: string, count: number): string {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + count)).toISOString().slice(0, 7);
}

/** Returns the month, such as `2026-11`, to which a time belongs in a time zone. */
export function monthOf(time: string, timeZone: string): string {
  // The Swedish locale formats a month as in ISO 8601: 2026-11.
  return new Intl.DateTimeFormat('sv', { year: 'numeric', month: '2-digit', timeZone }).format(new Date(time));
}

/** Returns the day on which a month is closed, such as `2026-12-04`. The day is in the service's time zone. */
export const closingDayOf = (month: string): string => `${monthsAfter(month, 1)}-${CLOSING_DAY}`;

/** Returns whether the service still keeps the active users of a month. */
export const areUsersKept = (month: string, currentMonth: string): boolean =>
  monthsAfter(month, MONTHS_KEPT) >= currentMonth;

/** Returns the months that have audit entries, the current month first. */
export const auditedMonths = (currentMonth: string): string[] =>
  Array.from({ length: MONTHS_AUDITED + 1 }, (_, index) => monthsAfter(currentMonth, -index));
