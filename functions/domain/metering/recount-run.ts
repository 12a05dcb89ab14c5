import type { ActiveUserCounts } from '../../table/metering/active-users.ts';
import type { Recount } from '../../table/metering/mau-counters.ts';
import type { Month } from '../calendar.ts';
import type { CalendarServices, Metrics } from '../services.ts';
import { DAY, HOUR } from '../time.ts';

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
  /** Whether the lag of the aggregator is unknown, for example because no user became active in the last hour. */
  readonly isLagUnknown: boolean;
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
   * and 3, the sum is 5. A counter has two numbers, so a lost record of a measured user is two errors in each counter.
   */
  drift: number;
}

/**
 * The time, in milliseconds, after which a recount is overdue that no recount run could complete. A recount run
 * completes recounts unless the aggregator's lag is long or unknown. The lag is unknown while no user becomes active,
 * so an RP without users at night must not make a recount overdue.
 */
export const OVERDUE_AFTER = DAY;

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
 * Returns whether a recount run compares the numbers of a recount again: the lag of the aggregator is unknown, so the
 * run must not complete the recount, which began long enough before `readAt` (epoch milliseconds). Equal numbers
 * complete the recount without drift. So a recount that began while the aggregator was a few seconds behind does not
 * become overdue only because no user became active since then.
 */
export function mayCompare({ isLagUnknown }: RecountRun, { at }: Recount, readAt: number): boolean {
  return isLagUnknown && readAt >= at + COMPLETED_AFTER;
}

/** Returns whether both numbers of a counter are equal to the counted numbers. */
export const areEqual = (counter: ActiveUserCounts, counted: ActiveUserCounts): boolean =>
  counter.mau === counted.mau && counter.measured === counted.measured;

/** The numbers of a counter that does not exist, and the drift of a correct counter. */
export const NONE: ActiveUserCounts = { mau: 0, measured: 0 };

/** Returns a recount that begins at the time `at` (epoch milliseconds) with the numbers that a recount run has read. */
export const recountOf = (counter: ActiveUserCounts, records: ActiveUserCounts, at: number): Recount => ({
  counter: counter.mau,
  records: records.mau,
  measured: { counter: counter.measured, records: records.measured },
  at,
});

/** A recount that a recount run has completed. */
interface Completed {
  readonly customerId: string;
  readonly month: Month;
  /** Null when the counter is a customer's total. */
  readonly rp: string | null;
  readonly recount: Recount;
  /** The counter when the recount run read it again. */
  readonly later: ActiveUserCounts;
  /** The sum of the RPs' counters when the recount run read it again. Undefined when the counter is of an RP. */
  readonly recordsLater?: ActiveUserCounts;
  /** The numbers that the recount added to the counter. */
  readonly drift: ActiveUserCounts;
}

/**
 * Adds a completed recount to the report of the recount run, and logs an error if the recount corrected a counter. In
 * the log line, `measured` contains the numbers of the measured users.
 */
export function reportCompleted(
  { services: { log }, report }: RecountRun,
  { customerId, month, rp, recount, later, recordsLater, drift }: Completed,
): void {
  report.completed += 1;
  report.drift += Math.abs(drift.mau) + Math.abs(drift.measured);
  if (drift.mau === 0 && drift.measured === 0) return;
  const numbersOf = (number: keyof ActiveUserCounts) => ({
    later: later[number],
    ...(recordsLater && { recordsLater: recordsLater[number] }),
    drift: drift[number],
  });
  log.error('a counter had drifted', {
    ...{ customerId, month, rp, ...recount, ...numbersOf('mau') },
    measured: { ...recount.measured, ...numbersOf('measured') },
  });
}
