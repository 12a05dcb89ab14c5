import type { Rp } from '../../table/rps.ts';
import type { Calendar, Month } from '../calendar.ts';
import { MINUTE, SECOND } from '../time.ts';

/** How far an RP's clock may be ahead of the service's clock, in milliseconds. */
export const AHEAD = 5 * MINUTE;

/**
 * The time, in milliseconds, until the table holds the last operation of an RP that was removed or whose customer is
 * unsubscribing. A process remembers an API key for up to 10 seconds, and a request lasts at most 30 seconds.
 */
export const COUNTED_WITHIN = 40 * SECOND;

/**
 * Returns whether an RP may have operations in a month. Any RP that was registered before the month closes may have some,
 * because a late operation may carry a time from before its RP was registered. An RP that was removed before the month
 * began has none, so removed RPs are not recounted forever.
 */
export function mayHaveOperations(calendar: Calendar, { createdAt, removedAt }: Rp, month: Month): boolean {
  const endedAt = removedAt === undefined ? Infinity : removedAt + COUNTED_WITHIN + AHEAD;
  return createdAt < calendar.closingOf(month) && calendar.startOf(month) <= endedAt;
}
