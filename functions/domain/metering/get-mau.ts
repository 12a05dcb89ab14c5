import type { MauView } from '../../contract/customers.ts';
import { readMauBetween } from '../../table/mau-counters.ts';
import { readAllRps } from '../../table/rps.ts';
import { readStatementsBetween } from '../../table/statements.ts';
import type { Month } from '../calendar.ts';
import type { AdministratorCaller } from '../callers.ts';
import { licenseInForce } from '../licenses/license.ts';
import { byAge } from '../rps/rp-view.ts';
import type { CalendarServices } from '../services.ts';

/**
 * Returns the MAU of the customer to which the caller belongs, for each RP and in total, in each of the last `months`
 * months, including the current month. A month without active users has an MAU of 0. The function reads the MAU of a
 * closed month from the month's statement, and the MAU of an open month from the MAU counters. The result contains a
 * removed RP only if the RP has active users in one of these months.
 */
export async function getMau(
  { table, clock, calendar }: CalendarServices,
  { customer }: Pick<AdministratorCaller, 'customer'>,
  { months: count }: { months: number },
): Promise<MauView> {
  const now = clock.now();
  const currentMonth = calendar.monthOf(now);
  const months = Array.from({ length: count }, (_, index) => calendar.plus(currentMonth, index + 1 - count));
  const firstMonth = calendar.plus(currentMonth, 1 - count);
  const [rps, counters, statements] = await Promise.all([
    readAllRps(table, customer.customerId, 'eventual'),
    readMauBetween(table, customer.customerId, firstMonth, currentMonth),
    readStatementsBetween(table, customer.customerId, firstMonth, currentMonth),
  ]);
  const statementOf = new Map(statements.map((statement) => [statement.month, statement]));
  const counterOf = new Map(counters.map(({ month, rpRef, mau }) => [`${month} ${rpRef ?? 'total'}`, mau]));
  const mauOf = (month: Month, rpRef: string | undefined) => {
    const statement = statementOf.get(month);
    if (!statement) return counterOf.get(`${month} ${rpRef ?? 'total'}`) ?? 0;
    return rpRef === undefined ? statement.mau : (statement.rps[rpRef] ?? 0);
  };
  const series = (rpRef?: string) => months.map((month) => mauOf(month, rpRef));
  const license = licenseInForce(customer, now);
  return {
    timeZone: calendar.timeZone,
    currentMonth,
    months,
    rps: rps
      .sort(byAge)
      .map(({ id, rpId, name, removedAt }) => ({ id, rpId, name, removed: removedAt !== undefined, mau: series(id) }))
      .filter(({ removed, mau }) => !removed || mau.some((users) => users > 0)),
    total: series(),
    maxMau: license.type === 'free' ? null : license.maxMau,
    threshold: customer.mauAlert.threshold,
  };
}
