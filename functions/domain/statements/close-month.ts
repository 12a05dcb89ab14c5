import pMap from 'p-map';
import { countActiveUsers, type ActiveUserCounts } from '../../table/metering/active-users.ts';
import { closeThrough } from '../../table/customers/customer-licenses.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { readStandingLicenses } from '../../table/licenses.ts';
import { isRemoved, readRemovedRpsSince, storeClosedMauOfRemoved, type AnyRp } from '../../table/removed-rps.ts';
import { byAge, readAllRps, storeClosedMau } from '../../table/rps.ts';
import { putStatement, sizeOfRps, type Statement, type StatementRp } from '../../table/metering/statements.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import type { Calendar, Month } from '../calendar.ts';
import { thresholdsOf } from '../licenses/alert-levels.ts';
import { overageFee, overageMau } from '../licenses/overage-fee.ts';
import { noticeToReaders } from '../mail/notice-to-readers.ts';
import { lastPaidOf } from '../licenses/last-bill.ts';
import { licenseAt, type License } from '../licenses/license.ts';
import { mayHaveOperations } from '../metering/operation-times.ts';
import { removedRpTtls } from '../retention.ts';
import type { CalendarServices } from '../services.ts';
import { MINUTE } from '../time.ts';

/**
 * How long the service waits, in milliseconds, before it creates the statements of a month. The wait begins when the
 * service starts to reject operations of the month: at 00:00 on the 4th of the next month. So when the service creates
 * a statement, every request that began while the month was open has ended, even if the clocks of the processes differ.
 */
export const CLOSED_AFTER = 5 * MINUTE;

/** Returns the last month that is due to be closed at the time `now` (epoch milliseconds). */
export function lastMonthDue(calendar: Calendar, now: number): Month {
  return calendar.plus(calendar.openMonths(now - CLOSED_AFTER)[0], -1);
}

/**
 * The number of RPs whose active-user records the service counts at the same time. An active-user record says that a
 * user was active at an RP in a month. For each RP, the service makes 16 queries at the same time, and the AWS SDK uses
 * at most 50 connections.
 */
const RPS_AT_ONCE = 3;

/**
 * Closes a month of a customer: counts the month's active-user records, and stores and returns the statement. The
 * calling function must make sure that the service no longer accepts operations of the month, and that all earlier
 * months are closed. Returns undefined and changes nothing when the status, the licenses or the closed months of the
 * customer have changed since `customer` was read. Throws an `Error` when the table contains a statement of the month
 * although the month is not closed according to the customer item.
 *
 * The service accepts an operation if the operation's month was open when the request began, and a request lasts at
 * most 30 seconds. So the service either counts or rejects each operation:
 *
 *     3rd, 23:59:59.999   request A begins: its month is open
 *     4th, 00:00:00.000   request B begins: rejected with month-closed
 *          00:00:30.000   the records of request A are stored by now
 *          00:05:00.000   the records are counted, with strongly consistent reads
 *
 * The function first stores the counts in the item of each RP, where the MAU view reads it. One transaction then
 * stores the statement, sets the last closed month of the customer, and stores the notice that the statement is ready.
 * If the process dies before the transaction, the month is still open, the MAU view does not show the stored numbers
 * yet, and the next run that closes months counts the same records and stores the same numbers again. If the process
 * dies after the transaction, the month is already closed. When two runs close the same month, the transaction of the
 * second run fails, because the first run has changed the customer item.
 */
export async function closeMonth(
  services: CalendarServices,
  customer: Customer,
  month: Month,
): Promise<Statement | undefined> {
  const { table, clock, calendar, log } = services;
  const { customerId } = customer;
  const [rps, licenses] = await Promise.all([
    countRps(services, customer, month),
    readStandingLicenses(table, customerId),
  ]);
  const mau = rps.reduce((sum, rp) => sum + rp.mau, 0);
  const measured = rps.reduce((sum, rp) => sum + (rp.measured ?? 0), 0);
  const closedAt = clock.now();
  // When a customer leaves the service, the service closes the customer's last month before the month ends. The
  // statement of that month then uses the license that is in force when the service closes the month.
  const license = licenseAt(licenses, Math.min(calendar.endOf(month) - 1, closedAt));
  const { type, startsAt, endsAt } = license;
  const statement: Statement = {
    customerId,
    month,
    timeZone: calendar.timeZone,
    closedAt,
    license: { type, startsAt, endsAt },
    rps: rps.length,
    rpsSize: sizeOfRps(rps),
    mau,
    measured,
    ...(license.type === 'free'
      ? { maxMau: null, overageMau: 0, overageFee: null }
      : {
          maxMau: license.maxMau,
          overageMau: overageMau(license, mau),
          overageFee: overageFee(license, mau),
        }),
  };
  await decideAlerts(services, customer, statement, license);
  const failures = await transact(table, {
    customer: closeThrough(
      customer,
      month,
      customer.lastPaid?.month === month ? lastPaidOf(services, { month, closedAt }) : undefined,
    ),
    ...putStatement(statement, rps),
    notice: noticeOf(customer, statement, services.requestId),
  });
  if (failures?.customer) return undefined;
  if (failures)
    throw new Error(`Customer ${customerId} has a statement of ${month} but is not closed through this month.`);
  log.info('month closed', { customerId, month, license: type, mau, measured, overageFee: statement.overageFee });
  return statement;
}

/**
 * Returns the write that stores the notice that the statement is ready. Returns undefined for a customer that leaves
 * the service, and for a month of a Free license without active users, which is no news.
 */
function noticeOf(customer: Customer, statement: Statement, requestId: string | undefined): Write | undefined {
  const { customerId, name: customerName, status } = customer;
  const { month, timeZone, closedAt, mau, maxMau, overageMau, overageFee } = statement;
  if (status !== 'active' || (maxMau === null && mau === 0)) return undefined;
  const said = { month, timeZone, mau, maxMau, overageMau, overageFee };
  return noticeToReaders(
    { template: 'statement-ready', customerId, customerName, statement: said },
    closedAt,
    requestId,
  );
}

/**
 * Stores the MAU alerts of a month that is about to be closed, the highest threshold last. Stores nothing if the
 * customer has not enabled alerts, if the month's MAU does not exceed a threshold, or if an alert run has already
 * stored this alert. An alert run is a scheduled run that compares the MAU counters with the thresholds. The alert runs
 * miss an alert when the MAU counters are out of date, or when the MAU exceeds the threshold so late that no alert run
 * follows before the month is closed.
 */
async function decideAlerts(
  services: CalendarServices,
  { customerId, status, mauAlert }: Customer,
  { month, mau }: Statement,
  license: License,
): Promise<void> {
  if (status !== 'active') return;
  const exceeded = thresholdsOf(mauAlert, license).filter(({ threshold }) => mau > threshold);
  if (exceeded.length === 0) return;
  // A cold start does not load this code.
  const { decideMauAlert } = await import('../alerts/decide-mau-alert.ts');
  for (const { threshold, level } of exceeded) {
    await decideMauAlert(services, { customerId, month, threshold, level, mau });
  }
}

/**
 * Counts the active-user records of a month for each RP, including removed RPs, and stores the counts in the RP's
 * item. Returns the RPs that have active-user records in the month, the oldest first.
 */
async function countRps(services: CalendarServices, { customerId }: Customer, month: Month): Promise<StatementRp[]> {
  const { table, calendar } = services;
  // The removed RPs are read after the others, so an RP that is removed meanwhile is in both lists, but never in none.
  const present = await readAllRps(table, customerId, 'strong');
  const removed = await readRemovedRpsSince(table, customerId, month, 'strong');
  const all = new Map<string, AnyRp>([...removed, ...present].map((rp) => [rp.id, rp]));
  const rps = [...all.values()].filter((rp) => mayHaveOperations(calendar, rp, month));
  const counts = await pMap(
    rps,
    async (rp) => {
      const counts = await countActiveUsers(table, rp.id, month);
      if (counts.mau > 0) await keepClosedMau(services, rp, month, counts);
      return { rp, ...counts };
    },
    { concurrency: RPS_AT_ONCE },
  );
  return counts
    .filter(({ mau }) => mau > 0)
    .sort((a, b) => byAge(a.rp, b.rp))
    .map(({ rp: { id, rpId, name }, mau, measured }) => ({ id, rpId, name, mau, ...(measured > 0 && { measured }) }));
}

/**
 * Stores the MAU of an RP in a month that is about to be closed. If the RP was removed after it was read, stores the
 * MAU with the removed RP:
 *
 *     A closes November, reads the RP          B removes the RP: its item is now with the removed RPs
 *     A finds no item of the RP
 *     A reads the removed RPs, finds the RP there, and stores November's MAU
 */
async function keepClosedMau(
  { table, calendar }: CalendarServices,
  rp: AnyRp,
  month: Month,
  counts: ActiveUserCounts,
): Promise<void> {
  if (!isRemoved(rp) && (await storeClosedMau(table, rp, month, counts))) return;
  const removed = isRemoved(rp)
    ? rp
    : (await readRemovedRpsSince(table, rp.customerId, month, 'strong')).find(({ id }) => id === rp.id);
  if (!removed) return;
  const ttl = removedRpTtls(calendar, removed.lastMonth).shown;
  await storeClosedMauOfRemoved(table, removed, { month, counts, ttl });
}
