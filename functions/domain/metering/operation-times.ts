import type { Rp } from '../../table/rps.ts';
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
 * Returns whether an RP may have operations in a month. Every RP that was registered before the service closes the
 * month may have operations in the month, because an RP may report an operation that took place before the RP was
 * registered. An RP that was removed more than `COUNTED_WITHIN` + `AHEAD` before the month began has no operations in
 * the month. Without this rule, the service would check the MAU counters of removed RPs forever.
 */
export function mayHaveOperations(calendar: Calendar, { createdAt, removedAt }: Rp, month: Month): boolean {
  const endedAt = removedAt === undefined ? Infinity : removedAt + COUNTED_WITHIN + AHEAD;
  return createdAt < calendar.closingOf(month) && calendar.startOf(month) <= endedAt;
}
