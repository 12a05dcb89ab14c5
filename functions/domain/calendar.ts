import { Temporal } from 'temporal-polyfill';

/** A month of the service's calendar, such as `2026-11`. */
export type Month = string;

/** How long after a month late operations still count: until 00:00 on the 4th of the next one. */
const CLOSING_DAY = 4;

/** The months of one time zone. All instants are epoch milliseconds. */
export interface Calendar {
  readonly timeZone: string;
  /** Gives the month that an instant belongs to. */
  monthOf(instant: number): Month;
  /** Gives the first instant of a month: the 1st 00:00, or the first moment that exists on that day. */
  startOf(month: Month): number;
  /** Gives the first instant after a month. */
  endOf(month: Month): number;
  /** Gives the first instant at which operations of a month do not count any more: 00:00 on the 4th of the next month. */
  closingOf(month: Month): number;
  /** Gives the month `count` months after (or, when negative, before) another. */
  plus(month: Month, count: number): Month;
  /** Gives the months that are not closed at an instant: the current one and, on its first three days, the one before. */
  openMonths(now: number): [Month, ...Month[]];
  /** Gives the first instant whose month is not closed at another. */
  firstOpenInstant(now: number): number;
}

/** Makes the calendar of an IANA time zone. Throws RangeError for one that is not known. */
export function createCalendar(timeZone: string): Calendar {
  // Months are few and asked for with every operation: each is worked out once a process.
  const known = new Map<Month, { start: number; end: number; closing: number }>();

  const startOfDay = (date: Temporal.PlainDate) => date.toZonedDateTime({ timeZone }).epochMilliseconds;
  const of = (month: Month) => {
    let bounds = known.get(month);
    if (!bounds) {
      const first = Temporal.PlainYearMonth.from(month);
      const next = first.add({ months: 1 });
      bounds = {
        start: startOfDay(first.toPlainDate({ day: 1 })),
        end: startOfDay(next.toPlainDate({ day: 1 })),
        closing: startOfDay(next.toPlainDate({ day: CLOSING_DAY })),
      };
      known.set(month, bounds);
    }
    return bounds;
  };
  const plus = (month: Month, count: number) => Temporal.PlainYearMonth.from(month).add({ months: count }).toString();
  const monthOf = (instant: number) => {
    for (const [month, { start, end }] of known) if (instant >= start && instant < end) return month;
    const date = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate();
    return date.toPlainYearMonth().toString();
  };
  startOfDay(Temporal.PlainDate.from('2026-01-01')); // an unknown zone is found now, not with the first operation

  const openMonths = (now: number): [Month, ...Month[]] => {
    const current = monthOf(now);
    const previous = plus(current, -1);
    return now < of(previous).closing ? [previous, current] : [current];
  };

  return {
    timeZone,
    monthOf,
    startOf: (month) => of(month).start,
    endOf: (month) => of(month).end,
    closingOf: (month) => of(month).closing,
    plus,
    openMonths,
    firstOpenInstant: (now) => of(openMonths(now)[0]).start,
  };
}
