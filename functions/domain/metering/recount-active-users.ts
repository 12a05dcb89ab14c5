import { countActiveUsers } from '../../table/active-users.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { addToTotalMau, putRecount, readRpMau, completeRecount, type Recount } from '../../table/mau-counters.ts';
import { readAllRps } from '../../table/rps.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Month } from '../calendar.ts';
import { eachPageOfCustomers } from '../../table/customers/find-customers.ts';
import { mayHaveOperations } from './operation-times.ts';
import type { CalendarServices, Metrics } from '../services.ts';
import { HOUR } from '../time.ts';

export interface RecountServices extends CalendarServices {
  readonly metrics: Metrics;
  /** How far the aggregator was behind the stream at worst during the last hour, in milliseconds; Infinity: not known. */
  readonly streamLag: () => Promise<number>;
}

/** Between the two halves of a recount: what was recorded before the first must be in the counters by the second. */
const COMPLETED_AFTER = HOUR;
/** An hourly run recounts a counter about once a day. */
const RECOUNTED_EVERY = 23 * HOUR;

/** What a run did: how many counters it compared, how many differed, and the drift that it put right, without signs. */
export interface RecountReport {
  counted: number;
  completed: number;
  drift: number;
}

/**
 * Gives by how much a counter is surely wrong: what is to be added to it. `counter` (C0) was read before the records were
 * counted (R), `later` (C1) at least an hour after with the stream caught up.
 *
 *     C0 read ── R counted ── … an hour, the stream caught up … ── C1 read
 *
 * Every record of R has been delivered by C1, so that C1 < R misses some: R − C1. Every record that C0 counted was there
 * when R was counted, so that C0 > R counted some too often: R − C0. In all other cases what moved meanwhile explains it.
 */
export function certainDrift({ counter, records }: Pick<Recount, 'counter' | 'records'>, later: number): number {
  if (later < records) return records - later;
  if (counter > records) return records - counter;
  return 0;
}

/**
 * Recounts the counters of the open months against their active-user records, each about once a day, in two halves at
 * least an hour apart. A run that has no time left ends, and the next one goes on with what is due then. A customer whose
 * counters cannot be recounted does not hold up the others; the run throws when it has tried all. If the process dies, what
 * was completed is completed, once, and the rest is as before.
 */
export async function recountActiveUsers(services: RecountServices, hasTime: () => boolean): Promise<RecountReport> {
  const { table, clock, calendar, log, metrics } = services;
  const months = calendar.openMonths(clock.now());
  // Half of it: the lag is known late, and only of what was begun.
  const isCaughtUp = (await services.streamLag()) < COMPLETED_AFTER / 2;
  const report: RecountReport = { counted: 0, completed: 0, drift: 0 };
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

  /** Gives whether there was time for all of its counters. */
  async function recountCustomer(customerId: string): Promise<boolean> {
    for (const rp of await readAllRps(table, customerId, 'eventual')) {
      for (const month of months.filter((month) => mayHaveOperations(calendar, rp, month))) {
        if (!hasTime()) return false;
        await recount(customerId, month, rp.id);
      }
    }
    return true;
  }

  async function recount(customerId: string, month: Month, rpRef: string): Promise<void> {
    const now = clock.now();
    const kept = await readRpMau(table, customerId, month, rpRef);
    const mau = kept?.mau ?? 0;
    if (kept?.recount) {
      if (isCaughtUp && now >= kept.recount.at + COMPLETED_AFTER)
        await complete(kept.recount, certainDrift(kept.recount, mau));
      return;
    }
    if (now < (kept?.recountedAt ?? 0) + RECOUNTED_EVERY) return;
    const records = await countActiveUsers(table, rpRef, month);
    report.counted += 1;
    if (records !== mau) {
      const pending = { counter: mau, records, at: clock.now() };
      await transact(table, {
        customer: checkCustomerActive(customerId),
        counter: putRecount(customerId, month, rpRef, pending),
      });
    } else {
      await complete(undefined, 0);
    }

    async function complete(recounted: Recount | undefined, drift: number): Promise<void> {
      const failures = await transact(table, {
        customer: checkCustomerActive(customerId),
        counter: completeRecount(customerId, month, rpRef, { recount: recounted, drift, now }),
        total: drift === 0 ? undefined : addToTotalMau(customerId, month, drift),
      });
      // Another run has completed it, or the customer is unsubscribing.
      if (failures || !recounted) return;
      report.completed += 1;
      report.drift += Math.abs(drift);
      if (drift !== 0)
        log.error('a counter had drifted', { customerId, rp: rpRef, month, ...recounted, later: mau, drift });
    }
  }
}
