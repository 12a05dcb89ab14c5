import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { completeTotalRecount, putTotalRecount, type MauCounter } from '../../table/mau-counters.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Month } from '../calendar.ts';
import { certainDrift } from './certain-drift.ts';
import { mayComplete, reportCompleted, type RecountRun } from './recount-run.ts';

/**
 * Compares a customer's total of a month with the sum over its RPs, removed ones included: begins a recount where the two
 * differ, or completes one that is due. Returns whether it found a difference and began.
 *
 * Everything that the aggregator adds, it adds to an RP and to the total alike, and so does the mending of an RP: the
 * difference between total and sum only moves when something goes wrong. But a mending may take off, and then the sum that
 * was read first is more than the total may be:
 *
 *     sum of 14 read ── an RP is mended by −4, and the total with it ── total of 10 read      10 < 14, and none is missing
 *
 * So mending an RP drops the recount of the total that is under way, and the total counts its mendings, so that a run which
 * read before one stores nothing after it:
 *
 *     A reads: total 13, sum 14, 0 mendings
 *                                                B mends the RP by −4: total 9, sum 10, 1 mending
 *     A stores that it saw 13 and 14: refused, there were 0 mendings
 *
 * Two runs that complete the same recount: the first one takes it away, the second one finds it gone. If the process dies,
 * the recount was completed or it is as before.
 */
export async function recountTotal(
  run: RecountRun,
  { customerId, month }: { customerId: string; month: Month },
  counters: readonly MauCounter[],
  readAt: number,
): Promise<boolean> {
  const { table, clock } = run.services;
  const total = counters.find(({ rpRef }) => rpRef === undefined);
  const sum = counters.reduce((mau, counter) => mau + (counter === total ? 0 : counter.mau), 0);
  const { mau = 0, recount, mends } = total ?? {};
  const read = { customerId, month, mends };
  if (recount) {
    if (!mayComplete(run, recount, readAt)) return false;
    const drift = certainDrift(recount, mau, sum);
    const failures = await transact(table, {
      customer: checkCustomerActive(customerId),
      total: completeTotalRecount(read, { recount, drift }),
    });
    if (!failures) {
      reportCompleted(run, { customerId, month, rp: null, ...recount, later: mau, recordsLater: sum, drift });
    }
    return false;
  }
  if (mau === sum) return false;
  await transact(table, {
    customer: checkCustomerActive(customerId),
    total: putTotalRecount(read, { counter: mau, records: sum, at: clock.now() }),
  });
  return true;
}
