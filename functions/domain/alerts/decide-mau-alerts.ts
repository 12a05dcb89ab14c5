import { countDecided, undecidedOf } from '../../table/alerts.ts';
import { chunks } from '../../table/engine/batches.ts';
import { deleteCursor, putCursor, readCursor } from '../../table/cursors.ts';
import { readCustomers, type Customer } from '../../table/customers/customers.ts';
import { findMauAlerts, type FoundMauAlert } from '../../table/customers/find-customers.ts';
import { readTotalMaus } from '../../table/metering/mau-counters.ts';
import type { Calendar, Month } from '../calendar.ts';
import { licenseOfMonth } from '../licenses/license-of-month.ts';
import { decideMauAlert, type Exceeded } from './decide-mau-alert.ts';
import { isPercent, thresholdsOf } from '../licenses/alert-levels.ts';
import type { Services } from '../services.ts';
import { HOUR } from '../time.ts';

export interface DecisionServices extends Services {
  readonly calendar: Calendar;
}

/**
 * The result of the first part of an alert run, which a schedule starts every 5 minutes. This part decides which alerts
 * to send, but sends no alert.
 */
export interface DecisionReport {
  /** The number of customers that the run checked. A run checks only customers whose MAU alert is on. */
  looked: number;
  /** How many times a customer's MAU of a month exceeds one of the customer's thresholds. */
  exceeded: number;
  /** The number of alerts that the run decided to send. */
  decided: number;
  /** Whether the run reached the last customer. If not, the next alert run continues where this run stopped. */
  isComplete: boolean;
}

/** The name under which the table stores the position of an alert run that did not reach the last customer. */
const ROUND = 'mau-alerts';
/**
 * The maximum number of customers that the run reads at once from the finder, which is our GSI. The run then reads the
 * MAU totals of these customers in parallel batches.
 */
const CUSTOMERS_A_PAGE = 1_000;
/** The maximum number of customers about whom the run decides at the same time. */
const AT_ONCE = 20;
/**
 * The maximum number of alerts to its representative about a customer's MAU of a month: six times the five levels that
 * a setting may have. Without a maximum, somebody who chooses new thresholds again and again would make the service
 * send e-mails to up to 11 people every 5 minutes, and bounces and complaints would harm the reputation of its sender.
 */
const MAX_ALERTS_A_MONTH = 30;

/**
 * Returns the months for which a run may decide to send alerts: the months that are still open, and a month that closed
 * less than an hour ago. The closed month is included because the aggregator, which updates the MAU counters, may count
 * the month's last operations only after the month has closed.
 */
function monthsLookedAt(calendar: Calendar, now: number): Month[] {
  return [...new Set([...calendar.openMonths(now - HOUR), ...calendar.openMonths(now)])];
}

/** A customer's MAU alert, and the customer's total MAU of each month that the run looks at. */
interface Counted {
  readonly mauAlert: FoundMauAlert;
  readonly totals: readonly { readonly month: Month; readonly mau: number }[];
}

/**
 * Decides to send an alert for each customer, each month and each threshold of the customer's MAU alert that the
 * customer's MAU of the month exceeds. For each combination of customer, month and threshold, the service decides to
 * send at most one alert. Sends no e-mail. A run stops when `hasTime` returns false, and the next run continues where
 * this run stopped.
 *
 * Reads every customer from the finder (our GSI), which contains the levels of each MAU alert that is on. Then reads
 * the MAU totals of the customers whose MAU alert is on. Reads a customer itself only if it has MAU and a level in
 * percents, which depends on the customer's license. For each total above a threshold, also reads whether the alert is
 * already decided. All of these reads are eventually consistent. If a read misses a change, the next run finds the
 * change.
 *
 * If the process dies, the alerts decided so far stay decided, and the next run decides the remaining alerts. When two
 * runs work at the same time, each alert is decided once, because a decision is stored only if no decision on the alert
 * is stored yet.
 */
export async function decideMauAlerts(services: DecisionServices, hasTime: () => boolean): Promise<DecisionReport> {
  const { table, clock, calendar, log } = services;
  const months = monthsLookedAt(calendar, clock.now());
  const report: DecisionReport = { looked: 0, exceeded: 0, decided: 0, isComplete: false };

  const cutOff = await readCursor(table, ROUND);
  let cursor = cutOff;
  do {
    if (!hasTime()) {
      if (cursor) await putCursor(table, ROUND, cursor);
      return report;
    }
    const { mauAlerts, next } = await findMauAlerts(table, cursor, CUSTOMERS_A_PAGE);
    await look(mauAlerts);
    cursor = next;
  } while (cursor);
  if (cutOff) await deleteCursor(table, ROUND);
  return { ...report, isComplete: true };

  async function look(mauAlerts: readonly FoundMauAlert[]): Promise<void> {
    const ids = mauAlerts.flatMap(({ customerId }) => months.map((month) => ({ customerId, month })));
    const totals = await readTotalMaus(table, ids);
    const counted = mauAlerts.map((mauAlert, index) => ({
      mauAlert,
      totals: months.map((month, of) => ({ month, mau: totals[index * months.length + of]?.mau ?? 0 })),
    }));
    const exceeded = [
      ...counted.flatMap(exceededNumbers),
      ...(await exceededPercents(services, counted.filter(mayExceedPercents))),
    ];
    const undecided = Map.groupBy(await undecidedOf(table, exceeded), ({ customerId }) => customerId);
    for (const some of chunks([...undecided.values()], AT_ONCE)) await Promise.all(some.map(decideOfCustomer));
    report.looked += mauAlerts.length;
    report.exceeded += exceeded.length;
  }

  /**
   * Decides the alerts of one customer, the highest threshold last, so that the customer's last notification is about
   * the highest threshold. An error is logged and does not stop the run; the next run tries again to decide the alert.
   * Two runs at the same time can decide some alerts more than the maximum, because they count before they decide.
   */
  async function decideOfCustomer(all: readonly Exceeded[]): Promise<void> {
    const decided = new Map<Month, number>();
    for (const exceeded of all.toSorted((a, b) => a.threshold - b.threshold)) {
      const { customerId, month } = exceeded;
      try {
        const before = decided.get(month) ?? (await countDecided(table, customerId, month));
        decided.set(month, before);
        if (before >= MAX_ALERTS_A_MONTH) {
          log.warn('no further alert about this month is decided for the customer', { ...exceeded, decided: before });
        } else if (await decideMauAlert(services, exceeded)) {
          decided.set(month, before + 1);
          report.decided += 1;
        }
      } catch (error) {
        log.error('an alert could not be decided; the next run tries again', { ...exceeded, error });
      }
    }
  }
}

/** Returns the exceeded thresholds of a customer whose levels are all numbers. Returns none for any other customer. */
function exceededNumbers({ mauAlert: { customerId, threshold, levels = [] }, totals }: Counted): Exceeded[] {
  if (levels.some(isPercent)) return [];
  const thresholds = [
    ...(threshold === null ? [] : [{ threshold }]),
    ...levels.map((level) => ({ threshold: Number(level), level })).filter((one) => one.threshold !== threshold),
  ];
  return totals.flatMap(({ month, mau }) =>
    thresholds.filter((one) => mau > one.threshold).map((one) => ({ customerId, month, mau, ...one })),
  );
}

/** Returns whether a customer has a level in percents, and a total above 0. */
const mayExceedPercents = ({ mauAlert: { levels = [] }, totals }: Counted): boolean =>
  levels.some(isPercent) && totals.some(({ mau }) => mau > 0);

/**
 * Returns the exceeded thresholds of customers who have a level in percents. Reads these customers, and for a month
 * that is over, their licenses if a license was set after the month.
 */
async function exceededPercents(services: DecisionServices, counted: readonly Counted[]): Promise<Exceeded[]> {
  const ids = counted.map(({ mauAlert: { customerId } }) => customerId);
  const customers = await readCustomers(services.table, ids, 'eventual');
  const exceeded = await Promise.all(
    counted.flatMap(({ totals }, index) => {
      const customer = customers[index];
      return customer ? totals.map(({ month, mau }) => exceededOf(services, customer, month, mau)) : [];
    }),
  );
  return exceeded.flat();
}

async function exceededOf(services: DecisionServices, customer: Customer, month: Month, mau: number) {
  const { customerId, mauAlert, licenseVersion } = customer;
  const license = await licenseOfMonth(services, customer, month);
  return thresholdsOf(mauAlert, license)
    .filter(({ threshold }) => mau > threshold)
    .map((one) => ({
      ...{ customerId, month, mau, ...one },
      ...(one.level !== undefined && isPercent(one.level) && { licenseVersion }),
    }));
}
