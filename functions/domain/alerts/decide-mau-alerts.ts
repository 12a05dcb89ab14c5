import { undecidedOf, type AlertId } from '../../table/alerts.ts';
import { chunks } from '../../table/engine/batches.ts';
import { deleteCursor, putCursor, readCursor } from '../../table/cursors.ts';
import { findMauAlerts } from '../../table/customers/find-customers.ts';
import { readTotalMaus } from '../../table/metering/mau-counters.ts';
import type { Calendar, Month } from '../calendar.ts';
import { decideMauAlert, type Exceeded } from './decide-mau-alert.ts';
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
  /** How many times a customer's MAU of a month exceeds the customer's threshold. */
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
/** The maximum number of transactions that run at the same time. */
const AT_ONCE = 20;

/**
 * Returns the months for which a run may decide to send alerts: the months that are still open, and a month that closed
 * less than an hour ago. The closed month is included because the aggregator, which updates the MAU counters, may count
 * the month's last operations only after the month has closed.
 */
function monthsLookedAt(calendar: Calendar, now: number): Month[] {
  return [...new Set([...calendar.openMonths(now - HOUR), ...calendar.openMonths(now)])];
}

/**
 * Decides to send an alert for each customer and each month in which the customer's MAU exceeds the customer's
 * threshold. For each combination of customer, month and threshold, the service decides to send at most one alert.
 * Sends no e-mail. A run stops when `hasTime` returns false, and the next run continues where this run stopped.
 *
 * Reads every customer from the finder (our GSI), which contains the threshold of each MAU alert that is on. Then reads
 * the MAU totals of the customers whose MAU alert is on. For each total above the threshold, also reads whether the
 * alert is already decided. All of these reads are eventually consistent. If a read misses a change, the next run finds
 * the change.
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

  async function look(mauAlerts: readonly Omit<AlertId, 'month'>[]): Promise<void> {
    const ids = mauAlerts.flatMap((mauAlert) => months.map((month) => ({ ...mauAlert, month })));
    const totals = await readTotalMaus(table, ids);
    const exceeded = ids
      .map((id, index): Exceeded => ({ ...id, mau: totals[index]?.mau ?? 0 }))
      .filter(({ mau, threshold }) => mau > threshold);
    for (const some of chunks(await undecidedOf(table, exceeded), AT_ONCE)) await Promise.all(some.map(decide));
    report.looked += mauAlerts.length;
    report.exceeded += exceeded.length;
  }

  /** Decides one alert. An error is logged and does not stop the run; the next run tries again to decide the alert. */
  async function decide(exceeded: Exceeded): Promise<void> {
    try {
      if (await decideMauAlert(services, exceeded)) report.decided += 1;
    } catch (error) {
      log.error('an alert could not be decided; the next run tries again', { ...exceeded, error });
    }
  }
}
