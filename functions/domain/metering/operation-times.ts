import type { Rp } from '../../table/rps.ts';
import type { Calendar, Month } from '../calendar.ts';
import { MINUTE, SECOND } from '../time.ts';

/** How far an RP's clock may be ahead of the service's clock, in milliseconds. */
export const AHEAD = 5 * MINUTE;

/**
 * The time, in milliseconds, from the removal of an RP or the unsubscription of its customer until the table contains
 * the RP's last operation. A process caches an API key for up to 10 seconds, and a request lasts at most 30 seconds.
 */
export const COUNTED_WITHIN = 40 * SECOND;

/**
 * Returns whether an RP may have operations in a month. Every RP that was registered before the month closes may have
 * operations, because a late operation may have a time before the RP was registered. An RP that was removed before the
 * month began has no operations, so removed RPs are not recounted forever.
 */
export function mayHaveOperations(calendar: Calendar, { createdAt, removedAt }: Rp, month: Month): boolean {
  const endedAt = removedAt === undefined ? Infinity : removedAt + COUNTED_WITHIN + AHEAD;
  return createdAt < calendar.closingOf(month) && calendar.startOf(month) <= endedAt;
}
