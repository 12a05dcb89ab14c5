import type { MauView } from '../../contract/customers.ts';
import type { ActiveUserCounts } from '../../table/metering/active-users.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { readMauOf, readMauOfRps } from '../../table/metering/mau-counters.ts';
import { readShownRps, type RemovedRp } from '../../table/removed-rps.ts';
import { byAge, closedMauOf, readAllRps, type Rp } from '../../table/rps.ts';
import { readStatementsBetween } from '../../table/metering/statements.ts';
import type { Calendar, Month } from '../calendar.ts';
import type { AdministratorCaller } from '../callers.ts';
import { beganAt } from '../licenses/billed-months.ts';
import { licenseInForce, type License } from '../licenses/license.ts';
import { licenseOfMonth } from '../licenses/license-of-month.ts';

import type { CalendarServices } from '../services.ts';
import { expectedMau } from './expected-mau.ts';

/** The maximum number of removed RPs that the view lists. */
const REMOVED_RPS_LISTED = 20;
/** For a customer with more RPs, the view reads all counters of the open months. */
const FEW_RPS = 20;
/**
 * The maximum number of counters, in addition to those of its RPs and the total, that the view reads for a customer
 * with few RPs and a month that is not closed. Further counters belong to removed RPs.
 */
const COUNTERS_OF_REMOVED_RPS = 25;

/**
 * Returns the MAU of the customer to which the caller belongs, and how many of the active users were measured, for each
 * RP and in total, in each of the last `months` months, including the current month. A month without active users has
 * an MAU of 0. The numbers of a closed month are those of the month's statement, and the numbers of an open month come
 * from the MAU counters. The view lists a removed RP only if the RP has active users in one of these months.
 *
 * The cost is bounded for a customer with few RPs, however many RPs the customer has removed. The view lists the 20
 * removed RPs with the latest last month. In a month that is not closed, the view reads a limited number of counters;
 * if there are more, the view lists no RP that was removed in this month or later. `otherRemovedRps` contains the MAU
 * of the removed RPs that are not listed, and `measuredOtherRemovedRps` how many of these users were measured: the
 * total minus the numbers of the listed RPs.
 *
 * `maxMaus` contains the maximum MAU of each month's license, and `expectedMau` about how many active users the current
 * month will have at its end.
 */
export async function getMau(
  { table, clock, calendar }: CalendarServices,
  { customer }: Pick<AdministratorCaller, 'customer'>,
  { months: count }: { months: number },
): Promise<MauView> {
  const { customerId, registeredRps } = customer;
  const now = clock.now();
  const currentMonth = calendar.monthOf(now);
  const months = Array.from({ length: count }, (_, index) => calendar.plus(currentMonth, index + 1 - count));
  const firstMonth = calendar.plus(currentMonth, 1 - count);
  const limit = registeredRps > FEW_RPS ? undefined : 1 + registeredRps + COUNTERS_OF_REMOVED_RPS;
  const signedUpIn = calendar.monthOf(customer.createdAt);
  const counted = months.filter((month) => isCounted(calendar, customer, month));
  const [rps, shown, statements, licenses, ...countersOf] = await Promise.all([
    readAllRps(table, customerId, 'eventual'),
    readShownRps(table, customerId, firstMonth, REMOVED_RPS_LISTED),
    readStatementsBetween(table, customerId, firstMonth, currentMonth),
    Promise.all(
      counted
        .filter((month) => month >= signedUpIn)
        .map(async (month) => [month, await licenseOfMonth({ table, clock, calendar }, customer, month)] as const),
    ),
    ...counted.map(async (month) => ({ month, ...(await readMauOf(table, customerId, month, limit)) })),
  ]);
  const incomplete = countersOf.filter(({ isComplete }) => !isComplete);
  const missing = await Promise.all(
    incomplete.map(({ month, counters }) => {
      const absent = rps.map(({ id }) => id).filter((id) => !counters.some(({ rpRef }) => rpRef === id));
      return readMauOfRps(table, customerId, month, absent);
    }),
  );
  const counters = [...countersOf.flatMap((ofMonth) => ofMonth.counters), ...missing.flat()];
  const counterOf = new Map(counters.map((counter) => [`${counter.month} ${counter.rpRef ?? 'total'}`, counter]));
  const statementOf = new Map(statements.map((statement) => [statement.month, statement]));
  const ofCounter = (month: Month, rpRef = 'total') => counterOf.get(`${month} ${rpRef}`);

  const firstIncomplete = incomplete[0]?.month;
  const removed = shown.items.filter(({ lastMonth }) => firstIncomplete === undefined || lastMonth < firstIncomplete);
  const series = (rp: Rp | RemovedRp) =>
    seriesOf(months.map((month) => (counted.includes(month) ? ofCounter(month, rp.id) : closedMauOf(rp, month))));
  const total = seriesOf(months.map((month) => (counted.includes(month) ? ofCounter(month) : statementOf.get(month))));
  const lines = [
    ...rps.map((rp) => ({ rp, removed: false, ...series(rp) })),
    ...removed.map((rp) => ({ rp, removed: true, ...series(rp) })).filter(({ mau }) => mau.some((users) => users > 0)),
  ].sort((a, b) => byAge(a.rp, b.rp));

  const listed = new Set([...rps, ...removed].map(({ id }) => id));
  const areAllListed =
    shown.isComplete &&
    incomplete.length === 0 &&
    counters.every(({ rpRef, mau }) => rpRef === undefined || mau === 0 || listed.has(rpRef));
  // In an open month, the total may be read before an RP's counter that the same transaction changes.
  const left = (number: keyof ActiveUserCounts, index: number) => {
    const ofLines = lines.reduce((sum, line) => sum + (line[number][index] ?? 0), 0);
    return Math.max(0, (total[number][index] ?? 0) - ofLines);
  };
  const others = seriesOf(months.map((_, index) => ({ mau: left('mau', index), measured: left('measured', index) })));
  const inForce = licenseInForce(customer, now);
  const licenseOf = new Map(licenses);
  /**
   * Returns the maximum MAU with which a month's statement was closed, or would be closed now. A month before the
   * customer signed up has neither.
   */
  const maxMauOf = (month: Month) => {
    const license = licenseOf.get(month);
    return license ? maxMauOfLicense(license) : (statementOf.get(month)?.maxMau ?? null);
  };
  const [lastMau = 0, mau = 0] = total.mau.slice(-2);
  return {
    timeZone: calendar.timeZone,
    currentMonth,
    months,
    signedUpIn,
    rps: lines.map(({ rp, ...line }) => ({
      id: rp.id,
      rpId: rp.rpId,
      name: rp.name,
      removed: line.removed,
      registeredIn: calendar.monthOf(rp.createdAt),
      removedIn: 'removedAt' in rp ? calendar.monthOf(rp.removedAt) : null,
      mau: line.mau,
      measured: line.measured,
    })),
    ...(!areAllListed && { otherRemovedRps: others.mau, measuredOtherRemovedRps: others.measured }),
    total: total.mau,
    measuredTotal: total.measured,
    maxMau: maxMauOfLicense(inForce),
    maxMaus: months.map(maxMauOf),
    expectedMau: expectedMau(calendar, now, { began: beganAt(customer), lastMau, mau }),
    threshold: customer.mauAlert.threshold,
  };
}

const maxMauOfLicense = (license: License) => (license.type === 'free' ? null : license.maxMau);

/**
 * Returns the numbers of active users of some months as two lists. A month without numbers has zeros. While the two
 * numbers of a month do not fit together, because a counter has drifted or the total was read before the counter of an
 * RP, the lists show no more measured users than active users.
 */
function seriesOf(ofMonths: readonly (Partial<ActiveUserCounts> | undefined)[]) {
  return {
    mau: ofMonths.map((counts) => counts?.mau ?? 0),
    measured: ofMonths.map((counts) => Math.min(counts?.measured ?? 0, counts?.mau ?? 0)),
  };
}

/**
 * Returns whether the view reads the MAU of a month from the counters, because the month is not closed. The month
 * before the customer signed up is never closed, but RPs can report operations of this month while it is open. Earlier
 * months have no counters.
 */
function isCounted(calendar: Calendar, { createdAt, closedThrough }: Customer, month: Month): boolean {
  const signedUp = calendar.monthOf(createdAt);
  if (month < signedUp) return month === calendar.plus(signedUp, -1);
  return closedThrough === undefined || month > closedThrough;
}
