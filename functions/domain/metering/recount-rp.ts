import { countActiveUsers } from '../../table/active-users.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import {
  addDriftToTotal,
  completeRecount,
  putRecount,
  readRpMau,
  type MauCounter,
  type Recount,
} from '../../table/mau-counters.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Month } from '../calendar.ts';
import { HOUR } from '../time.ts';
import { certainDrift } from './certain-drift.ts';
import { mayComplete, reportCompleted, type RecountRun } from './recount-run.ts';

/** An hourly run recounts a counter about once a day. */
const RECOUNTED_EVERY = 23 * HOUR;

/** Whether the recount of an RP and a month has something to do: to begin, or to complete what was begun. */
export function isDue(run: RecountRun, counter: MauCounter | undefined, now: number): boolean {
  return counter?.recount
    ? mayComplete(run, counter.recount, now)
    : now >= (counter?.recountedAt ?? 0) + RECOUNTED_EVERY;
}

/**
 * Compares the counter of an RP and a month with its active-user records: begins the recount, or completes one that is due.
 * Drift is added to the RP's counter and to the customer's total in one transaction, once. If the process dies, the recount
 * was completed or it is as before.
 */
export async function recountRp(
  run: RecountRun,
  { customerId, month, rpRef }: { customerId: string; month: Month; rpRef: string },
): Promise<void> {
  const { services, report } = run;
  const { table, clock } = services;
  const now = clock.now();
  // Read again: others of the customer may have taken minutes to count.
  const kept = await readRpMau(table, customerId, month, rpRef);
  const mau = kept?.mau ?? 0;
  if (kept?.recount) {
    if (mayComplete(run, kept.recount, now)) await complete(kept.recount, certainDrift(kept.recount, mau));
    return;
  }
  const records = await countActiveUsers(table, rpRef, month);
  report.counted += 1;
  if (records === mau) return complete(undefined, 0);
  await transact(table, {
    customer: checkCustomerActive(customerId),
    counter: putRecount(customerId, month, rpRef, { counter: mau, records, at: clock.now() }),
  });

  async function complete(recount: Recount | undefined, drift: number): Promise<void> {
    const failures = await transact(table, {
      customer: checkCustomerActive(customerId),
      counter: completeRecount(customerId, month, rpRef, { recount, drift, now }),
      total: drift === 0 ? undefined : addDriftToTotal(customerId, month, drift),
    });
    // Another run has completed it, or the customer is unsubscribing.
    if (failures || !recount) return;
    reportCompleted(run, { customerId, month, rp: rpRef, ...recount, later: mau, drift });
  }
}
