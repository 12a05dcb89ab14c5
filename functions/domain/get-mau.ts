import type { MauView } from '../contract/customers.ts';
import { readMauBetween } from '../table/mau-counters.ts';
import { readAllRps } from '../table/rps.ts';
import type { AdministratorCaller } from './callers.ts';
import { licenseInForce } from './license.ts';
import type { CalendarServices } from './services.ts';

/**
 * Gives the MAU of the last `months` months, the current one included, per RP and in total, with zeros where nothing
 * happened. An RP that was removed is listed while one of the months has something of it.
 */
export async function getMau(
  { table, clock, calendar }: CalendarServices,
  { customer }: Pick<AdministratorCaller, 'customer'>,
  { months: count }: { months: number },
): Promise<MauView> {
  const now = clock.now();
  const currentMonth = calendar.monthOf(now);
  const months = Array.from({ length: count }, (_, index) => calendar.plus(currentMonth, index + 1 - count));
  const [rps, counters] = await Promise.all([
    readAllRps(table, customer.customerId, 'eventual'),
    readMauBetween(table, customer.customerId, calendar.plus(currentMonth, 1 - count), currentMonth),
  ]);
  const mauOf = new Map(counters.map(({ month, rp, mau }) => [`${month} ${rp ?? 'total'}`, mau]));
  const series = (rp: string) => months.map((month) => mauOf.get(`${month} ${rp}`) ?? 0);
  const license = licenseInForce(customer, now);
  return {
    timeZone: calendar.timeZone,
    currentMonth,
    months,
    rps: rps
      .map(({ id, rpId, name, removedAt, createdAt }) => ({
        createdAt,
        view: { id, rpId, name, removed: removedAt !== undefined, mau: series(id) },
      }))
      .filter(({ view }) => !view.removed || view.mau.some((mau) => mau > 0))
      .sort((a, b) => a.createdAt - b.createdAt || a.view.id.localeCompare(b.view.id))
      .map(({ view }) => view),
    total: series('total'),
    maxMau: license.type === 'free' ? null : license.maxMau,
    threshold: customer.mauAlert.threshold,
  };
}
