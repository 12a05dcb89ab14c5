import type { Recount } from '../../table/mau-counters.ts';
import type { Month } from '../calendar.ts';
import type { CalendarServices, Metrics } from '../services.ts';
import { HOUR } from '../time.ts';

export interface RecountServices extends CalendarServices {
  readonly metrics: Metrics;
  /** How far the aggregator was behind the stream at worst during the last hour, in milliseconds; Infinity: not known. */
  readonly streamLag: () => Promise<number>;
}

/** A run of the recount. */
export interface RecountRun {
  readonly services: RecountServices;
  /** Whether the counters contain every record of an hour ago. */
  readonly isCaughtUp: boolean;
  readonly report: RecountReport;
}

/**
 * What a run did: for how many RPs and months it counted the records, how many recounts it completed, and how much drift it
 * mended, without signs.
 */
export interface RecountReport {
  counted: number;
  completed: number;
  drift: number;
}

/** Time between the two halves of a recount: the counters contain by the second half what was recorded before the first. */
export const COMPLETED_AFTER = HOUR;

/** Whether a recount may be completed with counters that were read at a time. */
export function mayComplete({ isCaughtUp }: RecountRun, { at }: Recount, readAt: number): boolean {
  return isCaughtUp && readAt >= at + COMPLETED_AFTER;
}

/** Reports that a recount was completed, and logs the drift that it mended. `rp` is null for a customer's total. */
export function reportCompleted(
  { services: { log }, report }: RecountRun,
  completed: { customerId: string; month: Month; rp: string | null; drift: number } & Recount & Record<string, unknown>,
): void {
  report.completed += 1;
  report.drift += Math.abs(completed.drift);
  if (completed.drift !== 0) log.error('a counter had drifted', completed);
}
