import { readMauBetween } from '../../table/mau-counters.ts';
import { readAllRps } from '../../table/rps.ts';
import type { Month } from '../calendar.ts';
import { eachPageOfCustomers } from '../../table/customers/find-customers.ts';
import { mayHaveOperations } from './operation-times.ts';
import { isDue, recountRp } from './recount-rp.ts';
import { COMPLETED_AFTER, type RecountReport, type RecountRun, type RecountServices } from './recount-run.ts';
import { recountTotal } from './recount-total.ts';

/**
 * Recounts the counters of the open months in two halves at least an hour apart: those of the RPs against their active-user
 * records, about once a day, and the totals against the sum over the RPs, in each run. A run that has no time left ends, and
 * the next one goes on with what is due then. A customer whose counters cannot be recounted does not hold up the others;
 * the run throws when it has tried all. If the process dies, what was completed is completed, once, and the rest is as before.
 */
export async function recountActiveUsers(services: RecountServices, hasTime: () => boolean): Promise<RecountReport> {
  const { table, clock, calendar, log, metrics } = services;
  const months = calendar.openMonths(clock.now());
  // Half of it: the lag is known late, and only of what was begun.
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

  /** Returns whether there was time for all of its counters. */
  async function recountCustomer(customerId: string): Promise<boolean> {
    const rps = await readAllRps(table, customerId, 'eventual');
    const readAt = clock.now();
    const counters = await readMauBetween(table, customerId, months[0], months.at(-1) ?? months[0], 'strong');
    // The totals first: of an RP's counter that was lost, the total is taken down before the RP's mending adds to both, so
    // that it never shows more than there are, which would send an alert.
    const differing = new Set<Month>();
    for (const month of months) {
      const ofMonth = counters.filter((counter) => counter.month === month);
      if (await recountTotal(run, { customerId, month }, ofMonth, readAt)) differing.add(month);
    }
    for (const rp of rps) {
      for (const month of months.filter((each) => mayHaveOperations(calendar, rp, each))) {
        if (!hasTime()) return false;
        const counter = counters.find((each) => each.month === month && each.rpRef === rp.id);
        // Where total and sum differ, the one that is wrong may be an RP's: both are right an hour later.
        if (differing.has(month) || isDue(run, counter, clock.now()))
          await recountRp(run, { customerId, month, rpRef: rp.id });
      }
    }
    return true;
  }
}
