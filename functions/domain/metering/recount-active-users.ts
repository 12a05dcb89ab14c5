import { readMauBetween, type MauCounter } from '../../table/metering/mau-counters.ts';
import { readRemovedRpsSince } from '../../table/removed-rps.ts';
import { readAllRps } from '../../table/rps.ts';
import type { Month } from '../calendar.ts';
import { eachCustomer } from '../customers/each-customer.ts';
import { mayHaveOperations } from './operation-times.ts';
import { isDue, recountRp } from './recount-rp.ts';
import {
  COMPLETED_AFTER,
  OVERDUE_AFTER,
  type RecountReport,
  type RecountRun,
  type RecountServices,
} from './recount-run.ts';
import { recountTotal } from './recount-total.ts';

/** The number of customers whose counters a recount run recounts at the same time. */
const CUSTOMERS_AT_ONCE = 4;

/**
 * Recounts the MAU counters of the open months in one recount run, and returns the report of the run. About once a day,
 * a recount run compares each RP's counter with the number of the RP's active-user records. Every recount run compares
 * each customer's total with the sum of the counters of the customer's RPs. When a recount run finds a difference, the
 * run stores the two numbers, and a recount run at least an hour later completes the recount. A recount run stops when
 * `hasTime` returns false, and the next recount run begins with the customer at which this run stopped.
 *
 * When the recount of a customer's counters fails, the recount run logs the error and continues with the other
 * customers. At its end, the recount run throws an `Error` with the number of customers whose recount failed. Adds the
 * errors that the run corrected to the metric `RecountDrift`, and the recounts that it could not complete within
 * `OVERDUE_AFTER` to the metric `OverdueRecounts`. If the process dies, each completed recount stays completed, and no
 * other counter has changed.
 */
export async function recountActiveUsers(services: RecountServices, hasTime: () => boolean): Promise<RecountReport> {
  const { table, clock, calendar, metrics } = services;
  const months = calendar.openMonths(clock.now());
  // The limit for the lag of the aggregator, the Lambda function that updates the counters, is half of
  // `COMPLETED_AFTER`. The other half is a margin, because CloudWatch reports the lag late, and only for batches that
  // the aggregator has started to process.
  const lag = await services.streamLag();
  const isCaughtUp = lag < COMPLETED_AFTER / 2;
  const report: RecountReport = { counted: 0, completed: 0, drift: 0 };
  let overdue = 0;
  const run: RecountRun = { services, isCaughtUp, isLagUnknown: lag === Infinity, report };
  const failure = 'the counters of a customer could not be recounted';
  try {
    const { failed } = await eachCustomer(
      services,
      { name: 'recount', atOnce: CUSTOMERS_AT_ONCE, failure, hasTime },
      async ({ customerId, status }) => status !== 'active' || recountCustomer(customerId),
    );
    if (failed > 0) throw new Error(`Customers whose counters could not be recounted: ${failed}.`);
  } finally {
    metrics.add('RecountDrift', report.drift);
    metrics.add('OverdueRecounts', overdue);
  }
  return report;

  /**
   * Recounts the counters of one customer. Returns false when the Lambda function ran out of time before this function
   * checked all counters of the customer.
   */
  async function recountCustomer(customerId: string): Promise<boolean> {
    const present = await readAllRps(table, customerId, 'eventual');
    const removed = await readRemovedRpsSince(table, customerId, months[0], 'eventual');
    const readAt = clock.now();
    const counters = await readMauBetween(table, customerId, months[0], months.at(-1) ?? months[0], 'strong');
    if (!isCaughtUp) overdue += countOverdue(customerId, counters, readAt);
    // The recount run recounts the customer's totals before the counters of the RPs. When an RP's counter was lost, the
    // recount of the total first lowers the total to the sum of the other RPs' counters. Then the recount of the RP
    // adds the number of the RP's active-user records to the RP's counter and to the total. In the opposite order, the
    // total would be too high until the recount of the total, and a total that is too high could cause an alert.
    const differing = new Set<Month>();
    for (const month of months) {
      const ofMonth = counters.filter((counter) => counter.month === month);
      if (await recountTotal(run, { customerId, month }, ofMonth, readAt)) differing.add(month);
    }
    const ofRps = [
      ...present.map((rp) => ({ rp, counted: months })),
      ...removed.map((rp) => ({ rp, counted: months.filter((month) => month <= rp.lastMonth) })),
    ];
    for (const { rp, counted } of ofRps) {
      for (const month of counted.filter((each) => mayHaveOperations(calendar, rp, each))) {
        if (!hasTime()) return false;
        const counter = counters.find((each) => each.month === month && each.rpRef === rp.id);
        // When the total differs from the sum of the RPs' counters, the counter of an RP may be wrong, so the recount
        // run also recounts each RP. A recount run at least an hour later completes these recounts and corrects the
        // wrong counters.
        if (differing.has(month) || isDue(run, counter, clock.now()))
          await recountRp(run, { customerId, month, rpRef: rp.id });
      }
    }
    return true;
  }

  /**
   * Returns how many counters have a recount that is overdue at `now`, in epoch milliseconds, and logs each of them.
   */
  function countOverdue(customerId: string, counters: readonly MauCounter[], now: number): number {
    const found = counters.filter(({ recount }) => recount !== undefined && now >= recount.at + OVERDUE_AFTER);
    for (const { month, rpRef = null, recount } of found)
      services.log.error('a recount is overdue', { customerId, rp: rpRef, month, at: recount?.at });
    return found.length;
  }
}
