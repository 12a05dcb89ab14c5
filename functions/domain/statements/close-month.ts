import pMap from 'p-map';
import { countActiveUsers } from '../../table/active-users.ts';
import { closeThrough } from '../../table/customers/customer-licenses.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { readStandingLicenses } from '../../table/licenses.ts';
import { readAllRps, type Rp } from '../../table/rps.ts';
import { putStatement, type Statement } from '../../table/statements.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Calendar, Month } from '../calendar.ts';
import { decideMauAlert } from '../alerts/decide-mau-alert.ts';
import { overageFee, overageMau } from '../licenses/overage-fee.ts';
import { lastPaidOf } from '../licenses/last-bill.ts';
import { licenseAt } from '../licenses/license.ts';
import { mayHaveOperations } from '../metering/operation-times.ts';
import type { CalendarServices } from '../services.ts';
import { MINUTE } from '../time.ts';

/** How long after its closing a month is closed: no request takes so long, whatever clocks differ by. */
export const CLOSED_AFTER = 5 * MINUTE;

/** Gives the last month that is due to be closed. */
export function lastMonthDue(calendar: Calendar, now: number): Month {
  return calendar.plus(calendar.openMonths(now - CLOSED_AFTER)[0], -1);
}

/** Gives the month of a customer that is to be closed next, due or not: the first is that of its signing up. */
export function nextMonthOf(calendar: Calendar, { createdAt, closedThrough }: Customer): Month {
  return closedThrough === undefined ? calendar.monthOf(createdAt) : calendar.plus(closedThrough, 1);
}

/** RPs that are counted at once: 16 queries each, and the SDK has 50 connections. */
const RPS_AT_ONCE = 3;

/**
 * Closes a month of a customer: counts its active-user records and keeps its statement. Undefined when the customer is not
 * as it was read any more (status, licenses, closed months): then nothing was changed. Whoever calls this makes sure that
 * no operation of the month is taken any more, and that all months before it are closed.
 *
 * An operation counts by when its request began; a request lasts 30 seconds at most, so that each operation is in the
 * count or was rejected:
 *
 *     3rd, 23:59:59.999   request begins: the month is open
 *     4th, 00:00:00.000   request begins: month-closed        the record of the first is put, by 00:00:30
 *          00:05:00.000                                       the records are counted, with strong reads
 *
 * One transaction keeps the statement and moves what the customer is closed through. If the process dies before, nothing
 * has happened and the next run counts again; after, it is done. Of two runs at once, one finds the customer changed.
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
  const mau = Object.values(rps).reduce((sum, count) => sum + count, 0);
  const closedAt = clock.now();
  // A month that is closed before its end, because its customer leaves, is billed by what is in force then.
  const license = licenseAt(licenses, Math.min(calendar.endOf(month) - 1, closedAt));
  const { type, startsAt, endsAt } = license;
  const statement: Statement = {
    customerId,
    month,
    timeZone: calendar.timeZone,
    closedAt,
    license: { type, startsAt, endsAt },
    rps,
    mau,
    ...(license.type === 'free'
      ? { maxMau: null, overageMau: 0, overageFee: null }
      : {
          maxMau: license.maxMau,
          overageMau: overageMau(license, mau),
          overageFee: overageFee(license, mau),
        }),
  };
  await decideAlert(services, customer, statement);
  const failures = await transact(table, {
    customer: closeThrough(
      customer,
      month,
      customer.lastPaid?.month === month ? lastPaidOf(services, { month, closedAt }) : undefined,
    ),
    statement: putStatement(statement),
  });
  if (failures?.customer) return undefined;
  if (failures) throw new Error(`There is a statement of ${month} that customer ${customerId} is not closed through.`);
  log.info('month closed', { customerId, month, license: type, mau, overageFee: statement.overageFee });
  return statement;
}

/**
 * Decides on the alert of a month that is about to be closed: the last moment, should no alert run have seen it exceeded,
 * because the counters were behind or the runs did not come. What they decided is not decided again.
 */
async function decideAlert(services: CalendarServices, customer: Customer, { month, mau }: Statement): Promise<void> {
  const { enabled, threshold } = customer.mauAlert;
  if (customer.status !== 'active' || !enabled || threshold === null || mau <= threshold) return;
  await decideMauAlert(services, { customerId: customer.customerId, month, threshold, mau });
}

/** Counts the active-user records of a month of each RP, removed ones too, and leaves out those without any. */
async function countRps({ table, calendar }: CalendarServices, { customerId }: Customer, month: Month) {
  const rps = (await readAllRps(table, customerId, 'strong')).filter((rp) => mayHaveOperations(calendar, rp, month));
  const count = async ({ id }: Rp) => [id, await countActiveUsers(table, id, month)] as const;
  const counts = await pMap(rps, count, { concurrency: RPS_AT_ONCE });
  return Object.fromEntries(counts.filter(([, mau]) => mau > 0));
}
