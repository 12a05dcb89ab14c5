import type { Customer } from '../../table/customers/customers.ts';
import { readTotalMaus } from '../../table/metering/mau-counters.ts';
import { readStatementsOf } from '../../table/metering/statements.ts';
import type { Month } from '../calendar.ts';
import { listCustomers } from '../customers/list-customers.ts';
import { licenseOfMonth } from '../licenses/license-of-month.ts';
import { expiryOf, type Money } from '../licenses/license.ts';
import { overageFee, overageMau, sumsOf } from '../licenses/overage-fee.ts';
import { listAnswer } from '../pages.ts';
import type { CalendarServices } from '../services.ts';
import { beganAt } from '../licenses/billed-months.ts';
import { DAY, toIso } from '../time.ts';
import { customerState } from './customer-state.ts';
import { failedAlertOf } from './failed-mails.ts';
import { meterCustomers, type MeteredCustomer } from './metered-customers.ts';

/** The licenses that expire within this number of days are in the overview. */
export const EXPIRING_DAYS = 30;

/** The fees of one month. */
interface MonthFees {
  readonly month: Month;
  /** The exact sum of the fees in each currency. Contains no currency in which nobody has a paid license. */
  readonly fees: Money[];
  /** The number of customers whose fee is more than 0. */
  readonly customers: number;
  /** The number of customers whose month is still open. Their fees can still change. */
  readonly open: number;
}

/** The overview of some customers. Each number is a number of customers, unless it says otherwise. */
export type Overview = Awaited<ReturnType<typeof overviewOf>>;

/**
 * Returns the overview of a page of up to 1,000 customers; `addOverviews` adds the pages. All reads are eventually
 * consistent. A customer costs about 2 read units: 0.5 each for the customer, its counter, its statement and its
 * representative.
 */
export async function readOverview(services: CalendarServices, after: string | undefined) {
  const now = services.clock.now();
  const { customers, last } = await listCustomers(services, after, 'eventual');
  const overview = await overviewOf(services, customers, meterCustomers(services, customers, now), now);
  return { nextCursor: listAnswer([], last).nextCursor, ...overview };
}

/**
 * Returns the overview of the given customers at the time `now`. `metering` resolves to these customers with their MAU;
 * meanwhile, the function reads the fees of the last month. `failedAlerts` are the customers whose latest MAU
 * alert did not arrive, and `unreachableRepresentatives` those whose representative gets no e-mails.
 *
 * The fees of the current month, and of the last month until it is closed for the customer, come from the MAU counters.
 * The fees of a closed month come from its statements, which this function reads with eventually consistent reads.
 */
export async function overviewOf(
  services: CalendarServices,
  customers: readonly Customer[],
  metering: Promise<readonly MeteredCustomer[]>,
  now: number,
) {
  const { calendar } = services;
  const month = calendar.monthOf(now);
  const [metered, lastMonth] = await Promise.all([
    metering,
    feesOfLastMonth(services, customers, calendar.plus(month, -1)),
  ]);
  const served = metered.filter(({ customer }) => customer.status !== 'unsubscribing');
  const until = now + EXPIRING_DAYS * DAY;
  const expiries = served.map(({ customer }) => expiryOf(customer, now) ?? Infinity);
  return {
    ...{ now: toIso(now), timeZone: calendar.timeZone },
    thisMonth: feesOf(
      month,
      metered.map(({ license, mau }) => (license.type === 'free' ? null : overageFee(license, mau))),
      customers.length,
    ),
    lastMonth,
    customers: customers.length,
    states: countBy(customers.map((customer) => customerState(customer, now))),
    plans: countBy(metered.map(({ license }) => license.type)),
    newThisMonth: customers.filter((customer) => beganAt(customer) >= calendar.startOf(month)).length,
    overMaximum: served.filter(({ license, mau }) => license.type !== 'free' && overageMau(license, mau) > 0).length,
    expiring: expiries.filter((expiry) => expiry > now && expiry <= until).length,
    failedAlerts: countBy(customers.flatMap((customer) => failedAlertOf(customer)?.status ?? [])),
    unreachableRepresentatives: metered.filter(({ representative }) => representative?.undeliverable).length,
  };
}

/**
 * Returns the fees of the month before the current month. Reads the statements, and the MAU counters of the customers
 * without a statement. Leaves out the customers that were activated after the month.
 */
async function feesOfLastMonth(
  services: CalendarServices,
  customers: readonly Customer[],
  month: Month,
): Promise<MonthFees> {
  const { table, calendar } = services;
  const began = customers.filter((customer) => beganAt(customer) < calendar.endOf(month));
  const ids = began.map(({ customerId }) => customerId);
  const statements = await readStatementsOf(table, ids, month, 'eventual');
  const open = began.filter((_, index) => statements[index] === undefined);
  const totals = await readTotalMaus(
    table,
    open.map(({ customerId }) => ({ customerId, month })),
  );
  const soFar = await Promise.all(
    open.map(async (customer, index) => {
      const license = await licenseOfMonth(services, customer, month);
      return license.type === 'free' ? null : overageFee(license, totals[index]?.mau ?? 0);
    }),
  );
  return feesOf(month, [...statements.map((statement) => statement?.overageFee ?? null), ...soFar], open.length);
}

function feesOf(month: Month, fees: readonly (Money | null)[], open: number): MonthFees {
  const charged = fees.filter((fee) => fee !== null);
  return { month, fees: sumsOf(charged), customers: charged.filter(({ amount }) => Number(amount) > 0).length, open };
}

/** Counts how often each word occurs. */
function countBy<Word extends string>(words: readonly Word[]): Partial<Record<Word, number>> {
  const counts: Partial<Record<Word, number>> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
