import { readMauBetween } from '../../table/mau-counters.ts';
import { readAllRps } from '../../table/rps.ts';
import type { Month } from '../calendar.ts';
import { eachPageOfCustomers } from '../../table/customers/find-customers.ts';
import { mayHaveOperations } from './operation-times.ts';
import { isDue, recountRp } from './recount-rp.ts';
import { COMPLETED_AFTER, type RecountReport, type RecountRun, type RecountServices } from './recount-run.ts';
import { recountTotal } from './recount-total.ts';

/**
 * Recounts the MAU counters of the open months. About once a day, a run compares each RP's counter with the number of
 * the RP's active-user records. Each run compares each customer's total with the sum of the counters of the customer's
 * RPs. When a run finds a difference, the run stores the two numbers, and a run at least an hour later completes the
 * recount. A run stops when `hasTime` returns false, and the next run continues with the recounts that are due when the
 * next run starts.
 *
 * When a customer's counters cannot be recounted, the run logs the error and continues with the other customers. After
 * the last customer, the run throws an `Error` with the number of customers that failed. If the process dies, each
 * completed recount stays completed, and nothing else has changed.
 */
export async function recountActiveUsers(services: RecountServices, hasTime: () => boolean): Promise<RecountReport> {
  const { table, clock, calendar, log, metrics } = services;
  const months = calendar.openMonths(clock.now());
  // Requires a lag of less than half of the shortest time between the start and the completion of a recount, because
  // CloudWatch measures the lag late and only for batches that the aggregator has started.
  const isCaughtUp = (await services.streamLag()) < COMPLETED_AFTER / 2;
  const report: RecountReport = { counted: 0, completed: 0, drift: 0 };
  const run: RecountRun = { services, isCaughtUp, report };
  let failed = 0;
  try {
    await goThrough();
  } finally {
    metrics.add('RecountDrift', report.drift);
  }
  if (failed > 0) throw new Error(`Customers whose counters could not be recounted: ${failed}.`);
  return report;

  async function goThrough(): Promise<void> {
    for await (const customers of eachPageOfCustomers(table)) {
      for (const { customerId } of customers.filter(({ status }) => status === 'active')) {
        try {
          if (!(await recountCustomer(customerId))) return;
        } catch (error) {
          failed += 1;
          log.error('the counters of a customer could not be recounted', { customerId, error });
          if (!hasTime()) return;
        }
      }
    }
  }

  /**
   * Recounts the counters of one customer. Returns false when time ran out before all counters of the customer were
   * checked.
   */
  async function recountCustomer(customerId: string): Promise<boolean> {
    const rps = await readAllRps(table, customerId, 'eventual');
    const readAt = clock.now();
    const counters = await readMauBetween(table, customerId, months[0], months.at(-1) ?? months[0], 'strong');
    // The totals are recounted before the RPs. When an RP's counter was lost, the total's recount lowers the total to
    // the sum without that RP, and then the RP's recount adds the number of the RP's active-user records to the RP's
    // counter and to the total. In the opposite order, the total would be too high until the recount of the total, and
    // could cause an alert.
    const differing = new Set<Month>();
    for (const month of months) {
      const ofMonth = counters.filter((counter) => counter.month === month);
      if (await recountTotal(run, { customerId, month }, ofMonth, readAt)) differing.add(month);
    }
    for (const rp of rps) {
      for (const month of months.filter((each) => mayHaveOperations(calendar, rp, each))) {
        if (!hasTime()) return false;
        const counter = counters.find((each) => each.month === month && each.rpRef === rp.id);
        // When the total and the sum differ, an RP's counter may be wrong, so each RP is recounted as well. A run at
        // least an hour later completes these recounts and corrects the wrong counters.
        if (differing.has(month) || isDue(run, counter, clock.now()))
          await recountRp(run, { customerId, month, rpRef: rp.id });
      }
    }
    return true;
  }
}
