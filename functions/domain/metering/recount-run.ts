import type { Recount } from '../../table/mau-counters.ts';
import type { Month } from '../calendar.ts';
import type { CalendarServices, Metrics } from '../services.ts';
import { HOUR } from '../time.ts';

export interface RecountServices extends CalendarServices {
  readonly metrics: Metrics;
  /**
   * Returns the longest lag of the aggregator (the Lambda function that updates the MAU counters) behind the DynamoDB
   * stream in the last hour, in milliseconds. Returns Infinity if the lag is unknown.
   */
  readonly streamLag: () => Promise<number>;
}

/** The state that all recounts of one recount run share. */
export interface RecountRun {
  readonly services: RecountServices;
  /** Whether the MAU counters include every active-user record that was stored more than an hour ago. */
  readonly isCaughtUp: boolean;
  readonly report: RecountReport;
}

/** The result of a recount run. */
export interface RecountReport {
  /** The number of pairs of an RP and a month for which the recount run counted the active-user records. */
  counted: number;
  /** The number of recounts that an earlier recount run began and this recount run completed. */
  completed: number;
  /**
   * The sum of the absolute values of all counter errors that the recount run corrected. For example, for the errors −2
   * and 3, the sum is 5.
   */
  drift: number;
}

/**
 * The shortest time, in milliseconds, between the start and the completion of a recount. When a recount is completed,
 * the counters include every active-user record that was stored before the recount started.
 */
export const COMPLETED_AFTER = HOUR;

/**
 * Returns whether a recount run may complete a recount with counters that the run read at the time `readAt` (epoch
 * milliseconds).
 */
export function mayComplete({ isCaughtUp }: RecountRun, { at }: Recount, readAt: number): boolean {
  return isCaughtUp && readAt >= at + COMPLETED_AFTER;
}

/**
 * Adds a completed recount to the report of the recount run, and logs an error if the recount corrected a counter. `rp`
 * is null when the counter is a customer's total.
 */
export function reportCompleted(
  { services: { log }, report }: RecountRun,
  completed: { customerId: string; month: Month; rp: string | null; drift: number } & Recount & Record<string, unknown>,
): void {
  report.completed += 1;
  report.drift += Math.abs(completed.drift);
  if (completed.drift !== 0) log.error('a counter had drifted', completed);
}
