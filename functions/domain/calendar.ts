// Temporal as functions: the same as its classes, and a third of them in a bundle.
import * as InstantFns from 'temporal-polyfill/fns/Instant';
import * as PlainDateFns from 'temporal-polyfill/fns/PlainDate';
import * as ZonedDateTimeFns from 'temporal-polyfill/fns/ZonedDateTime';

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

  const startOfDay = (date: PlainDateFns.Record) => PlainDateFns.toZonedDateTime(date, { timeZone }).epochMilliseconds;
  const firstDay = (month: Month) => PlainDateFns.create(Number(month.slice(0, 4)), Number(month.slice(5)), 1);
  const monthIn = (date: PlainDateFns.Record): Month => PlainDateFns.toString(date).slice(0, '2026-11'.length);
  const of = (month: Month) => {
    let bounds = known.get(month);
    if (!bounds) {
      const first = firstDay(month);
      const next = PlainDateFns.addMonths(first, 1);
      bounds = {
        start: startOfDay(first),
        end: startOfDay(next),
        closing: startOfDay(PlainDateFns.addDays(next, CLOSING_DAY - 1)),
      };
      known.set(month, bounds);
    }
    return bounds;
  };
  const plus = (month: Month, count: number) => monthIn(PlainDateFns.addMonths(firstDay(month), count));
  const monthOf = (instant: number) => {
    for (const [month, { start, end }] of known) if (instant >= start && instant < end) return month;
    const zoned = InstantFns.toZonedDateTimeISO(InstantFns.fromEpochMilliseconds(instant), timeZone);
    const month = monthIn(ZonedDateTimeFns.toPlainDate(zoned));
    // Where clocks were put back across midnight, an hour of the old month comes again after the new one has begun.
    return instant < of(month).end ? month : plus(month, 1);
  };
  startOfDay(firstDay('2026-01')); // an unknown zone is found now, not with the first operation

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
