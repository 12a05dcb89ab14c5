// The functions in temporal-polyfill/fns do the same as the Temporal classes, but add only a third as many bytes to a
// bundle.
import * as InstantFns from 'temporal-polyfill/fns/Instant';
import * as PlainDateFns from 'temporal-polyfill/fns/PlainDate';
import * as ZonedDateTimeFns from 'temporal-polyfill/fns/ZonedDateTime';
import { CLOSING_DAY } from './closing-day.ts';

/** A month of the service's calendar, such as `2026-11`. */
export type Month = string;

/** The calendar of one time zone: when each month begins, ends and closes. All instants are epoch milliseconds. */
export interface Calendar {
  readonly timeZone: string;
  /** Returns the month that an instant belongs to. */
  monthOf(instant: number): Month;
  /**
   * Returns the first instant of a month: 00:00 on the 1st or, where a clock change skips midnight, the first time that
   * exists on that day.
   */
  startOf(month: Month): number;
  /** Returns the first instant after a month. */
  endOf(month: Month): number;
  /**
   * Returns the instant at which a month closes: 00:00 on the 4th of the next month. Operations of the month (sign-ins
   * and passkey registrations) that arrive at or after this instant do not count.
   */
  closingOf(month: Month): number;
  /** Returns the month that is `count` months after `month`, or before `month` when `count` is negative. */
  plus(month: Month, count: number): Month;
  /**
   * Returns the months that are open at `now`, the earliest first: the current month and, on its first three days, also
   * the previous month.
   */
  openMonths(now: number): [Month, ...Month[]];
  /** Returns the first instant of the earliest month that is open at `now`. */
  firstOpenInstant(now: number): number;
}

/** Creates the calendar of an IANA time zone. Throws `RangeError` when the time zone is unknown. */
export function createCalendar(timeZone: string): Calendar {
  // Every operation needs the bounds of a month. A process computes the bounds of each month only once and keeps them
  // here, because operations belong to few different months.
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
    // Where clocks go back across midnight on the 1st, the local date is in the old month again for a short time after
    // the new month has begun. Every instant in this short time belongs to the new month.
    return instant < of(month).end ? month : plus(month, 1);
  };
  startOfDay(firstDay('2026-01')); // throws here, rather than at the first operation, if the time zone is unknown

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
