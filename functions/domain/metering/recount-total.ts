import type { ActiveUserCounts } from '../../table/metering/active-users.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { completeTotalRecount, putTotalRecount, type MauCounter } from '../../table/metering/mau-counters.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Month } from '../calendar.ts';
import { certainDrifts } from './certain-drift.ts';
import { areEqual, mayCompare, mayComplete, NONE, recountOf, reportCompleted, type RecountRun } from './recount-run.ts';

/**
 * Compares a customer's total MAU counter of a month with the sum of the counters of the customer's RPs, including
 * removed RPs. Each counter has two numbers: the MAU, and how many of these users were measured. If a recount of the
 * total has begun, completes the recount, provided that `mayComplete` returns true, or that `mayCompare` returns true
 * and the numbers are equal. If no recount of the total has begun and a number of the total differs from the sum,
 * begins a recount and returns true; otherwise returns false. `counters` are all MAU counters of the customer for the
 * month, and `readAt` is the time at which the counters were read, in epoch milliseconds.
 *
 * When the aggregator, which counts new active-user records, adds a number to an RP's counter, it adds the same number
 * to the customer's total. When the recount of an RP adds a number to the RP's counter, it adds the same number to the
 * total. So only a fault changes the difference between the total and the sum of the RPs' counters. But the recount of
 * an RP may add a negative number. Suppose that a recount run reads the sum, that the recount of an RP then subtracts
 * from the RP's counter and from the total, and that the recount run then reads the total. The sum is then higher than
 * the total although no counter is wrong:
 *
 *     sum of 14 read ── an RP's recount adds −4 to the RP and the total ── total of 10 read      10 < 14, nothing is missing
 *
 * For this reason, a recount of an RP that changes the total cancels a recount of the total that has begun. The item of
 * the total contains `mends`, the number of recounts that have changed the total. When a recount run stores the total
 * and the sum that it read, the run checks that `mends` is unchanged. So a run A cannot store numbers that another run
 * B has made outdated:
 *
 *     A reads: total 13, sum 14, mends 0
 *                                                B corrects the RP by −4: total 9, sum 10, mends 1
 *     A's write of 13 and 14 fails: mends is no longer 0
 *
 * When two recount runs complete the same recount, the first run removes the recount from the item, and the transaction
 * of the second run fails. If the process dies, the recount is either completed or unchanged.
 */
export async function recountTotal(
  run: RecountRun,
  { customerId, month }: { customerId: string; month: Month },
  counters: readonly MauCounter[],
  readAt: number,
): Promise<boolean> {
  const { table, clock } = run.services;
  const total = counters.find(({ rpRef }) => rpRef === undefined);
  const sum = counters
    .filter((counter) => counter !== total)
    .reduce<ActiveUserCounts>(
      ({ mau, measured }, counter) => ({ mau: mau + counter.mau, measured: measured + counter.measured }),
      NONE,
    );
  const counter: ActiveUserCounts = total ?? NONE;
  const { recount, mends } = total ?? {};
  const read = { customerId, month, mends };
  if (recount) {
    const isCorrect = mayCompare(run, recount, readAt) && areEqual(counter, sum);
    if (!isCorrect && !mayComplete(run, recount, readAt)) return false;
    const drift = isCorrect ? NONE : certainDrifts(recount, counter, sum);
    const failures = await transact(table, {
      customer: checkCustomerActive(customerId),
      total: completeTotalRecount(read, { recount, drift }),
    });
    if (!failures) {
      reportCompleted(run, { customerId, month, rp: null, recount, later: counter, recordsLater: sum, drift });
    }
    return false;
  }
  if (areEqual(counter, sum)) return false;
  await transact(table, {
    customer: checkCustomerActive(customerId),
    total: putTotalRecount(read, recountOf(counter, sum, clock.now())),
  });
  return true;
}
