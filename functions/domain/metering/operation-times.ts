import type { Calendar, Month } from '../calendar.ts';
import { MINUTE, SECOND } from '../time.ts';

/** How far an RP's clock may be ahead of the service's clock, in milliseconds. */
export const AHEAD = 5 * MINUTE;

/**
 * The time, in milliseconds, for which the service may still count operations of an RP after the RP was removed or the
 * RP's customer was unsubscribed. A process caches an API key for up to 10 seconds, and a request lasts at most 30
 * seconds.
 */
export const COUNTED_WITHIN = 40 * SECOND;

/**
 * Returns whether an RP that is not removed may have operations in a month. Every RP that was registered before the
 * service closes the month may have operations in the month, because an RP may report an operation that took place
 * before the RP was registered. A removed RP may also have operations only up to its last month.
 */
export function mayHaveOperations(calendar: Calendar, { createdAt }: { readonly createdAt: number }, month: Month) {
  return createdAt < calendar.closingOf(month);
}

/**
 * Returns the last month in which an RP that was removed, or a customer that was unsubscribed, at the time `endedAt`
 * may have operations. An RP's clock may be ahead, so this can be the month after the month of `endedAt`.
 */
export function lastMonthOf(calendar: Calendar, endedAt: number): Month {
  return calendar.monthOf(endedAt + COUNTED_WITHIN + AHEAD);
}
