import type { Rp } from '../../table/rps.ts';
import type { Calendar, Month } from '../calendar.ts';
import { MINUTE, SECOND } from '../time.ts';

/** How far an RP's clock may be ahead of ours. */
export const AHEAD = 5 * MINUTE;

/**
 * When the last operation is in the table of an RP that was removed or whose customer has ended: API keys are remembered for
 * 10 seconds, and requests last 30 at most.
 */
export const COUNTED_WITHIN = 40 * SECOND;

/**
 * Whether an RP may have operations of a month. Late ones may be older than their RP, so that one registered before the
 * month's closing may have some; one that was removed before the month began has none, so that removed RPs are not counted
 * for ever.
 */
export function mayHaveOperations(calendar: Calendar, { createdAt, removedAt }: Rp, month: Month): boolean {
  const endedAt = removedAt === undefined ? Infinity : removedAt + COUNTED_WITHIN + AHEAD;
  return createdAt < calendar.closingOf(month) && calendar.startOf(month) <= endedAt;
}
