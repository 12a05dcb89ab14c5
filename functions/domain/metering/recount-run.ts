import type { Recount } from '../../table/mau-counters.ts';
import type { Month } from '../calendar.ts';
import type { CalendarServices, Metrics } from '../services.ts';
import { HOUR } from '../time.ts';

export interface RecountServices extends CalendarServices {
  readonly metrics: Metrics;
  /**
   * Returns the aggregator's longest lag behind the stream in the last hour, in milliseconds. Returns Infinity if the
   * lag is unknown.
   */
  readonly streamLag: () => Promise<number>;
}

/** The state that all recounts of one run share. */
export interface RecountRun {
  readonly services: RecountServices;
  /** Whether the counters contain every record that was stored more than an hour ago. */
  readonly isCaughtUp: boolean;
  readonly report: RecountReport;
}

/** The result of a recount run. */
export interface RecountReport {
  /** The number of RP counters, one for each RP and month, for which the run counted the active-user records. */
  counted: number;
  /** The number of recounts that an earlier run began and this run completed. */
  completed: number;
  /** The sum of the absolute values of all drift that the run corrected: −2 and 3 make 5. */
  drift: number;
}

/**
 * The shortest time, in milliseconds, from the start of a recount to its completion. At the completion, the counters
 * contain every active-user record that was stored before the start.
 */
export const COMPLETED_AFTER = HOUR;

/**
 * Returns whether a recount may be completed with counters that were read at the time `readAt` (epoch milliseconds).
 */
export function mayComplete({ isCaughtUp }: RecountRun, { at }: Recount, readAt: number): boolean {
  return isCaughtUp && readAt >= at + COMPLETED_AFTER;
}

/**
 * Adds a completed recount to the report of the run, and logs an error if the recount corrected drift. `rp` is null for a
 * customer's total.
 */
export function reportCompleted(
  { services: { log }, report }: RecountRun,
  completed: { customerId: string; month: Month; rp: string | null; drift: number } & Recount & Record<string, unknown>,
): void {
  report.completed += 1;
  report.drift += Math.abs(completed.drift);
  if (completed.drift !== 0) log.error('a counter had drifted', completed);
}
