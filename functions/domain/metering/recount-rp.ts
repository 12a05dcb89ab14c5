import { countActiveUsers, type ActiveUserCounts } from '../../table/metering/active-users.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import {
  addDriftToTotal,
  completeRecount,
  putRecount,
  readRpMau,
  type MauCounter,
  type Recount,
} from '../../table/metering/mau-counters.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Month } from '../calendar.ts';
import { HOUR } from '../time.ts';
import { certainDrifts } from './certain-drift.ts';
import { areEqual, mayCompare, mayComplete, NONE, recountOf, reportCompleted, type RecountRun } from './recount-run.ts';

/**
 * The time, in milliseconds, from a recount of an RP's counter until the next recount is due. This time is a little
 * less than a day, so that the hourly recount run recounts each counter about once a day.
 */
const RECOUNTED_EVERY = 23 * HOUR;

/**
 * Returns whether a recount run must work on an RP's counter: either the run may complete or compare a recount that an
 * earlier run began, or a new recount is due. `now` is in epoch milliseconds.
 */
export function isDue(run: RecountRun, counter: MauCounter | undefined, now: number): boolean {
  return counter?.recount
    ? mayComplete(run, counter.recount, now) || mayCompare(run, counter.recount, now)
    : now >= (counter?.recountedAt ?? 0) + RECOUNTED_EVERY;
}

/**
 * Compares the MAU counter of an RP in a month with the RP's active-user records in this month: the MAU with the number
 * of records, and the number of measured users with the number of records whose source is `measured`. If a recount has
 * begun, completes the recount, provided that `mayComplete` returns true. If no recount has begun, or if `mayCompare`
 * returns true, counts the records. When both numbers of records equal the counter's, the recount is complete.
 * Otherwise, the function stores the numbers of records and those of the counter unless a recount has begun, and a
 * later recount run completes the recount.
 *
 * One transaction completes the recount and adds the drift (the errors of the counter) to the RP's counter and to the
 * customer's total, so the drift is added only once. If the process dies, the recount is either completed or unchanged.
 */
export async function recountRp(
  run: RecountRun,
  { customerId, month, rpRef }: { customerId: string; month: Month; rpRef: string },
): Promise<void> {
  const { services, report } = run;
  const { table, clock } = services;
  const now = clock.now();
  // The function reads the counter again, because counting the records of the customer's other RPs may have taken
  // minutes.
  const kept = await readRpMau(table, customerId, month, rpRef);
  const counter = kept ?? NONE;
  const begun = kept?.recount;
  if (begun && mayComplete(run, begun, now)) return complete(begun, certainDrifts(begun, counter));
  if (begun && !mayCompare(run, begun, now)) return;
  const records = await countActiveUsers(table, rpRef, month);
  report.counted += 1;
  if (areEqual(counter, records)) return complete(begun, NONE);
  if (begun) return;
  await transact(table, {
    customer: checkCustomerActive(customerId),
    counter: putRecount(customerId, month, rpRef, recountOf(counter, records, clock.now())),
  });

  async function complete(recount: Recount | undefined, drift: ActiveUserCounts): Promise<void> {
    const failures = await transact(table, {
      customer: checkCustomerActive(customerId),
      counter: completeRecount(customerId, month, rpRef, { recount, drift, now }),
      total: drift.mau === 0 && drift.measured === 0 ? undefined : addDriftToTotal(customerId, month, drift),
    });
    // The transaction fails if another recount run has completed the recount, or if the customer is unsubscribing.
    if (failures || !recount) return;
    reportCompleted(run, { customerId, month, rp: rpRef, recount, later: counter, drift });
  }
}
