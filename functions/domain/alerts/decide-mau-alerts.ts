import { undecidedOf, type AlertId } from '../../table/alerts.ts';
import { chunks } from '../../table/engine/batches.ts';
import { deleteCursor, putCursor, readCursor } from '../../table/cursors.ts';
import { findMauAlerts } from '../../table/customers/find-customers.ts';
import { readTotalMaus } from '../../table/mau-counters.ts';
import type { Calendar, Month } from '../calendar.ts';
import { decideMauAlert, type Exceeded } from './decide-mau-alert.ts';
import type { Services } from '../services.ts';
import { HOUR } from '../time.ts';

export interface DecisionServices extends Services {
  readonly calendar: Calendar;
}

/** What a run looked at: customers whose MAU alert is on, those of them who exceed a threshold, and the alerts it decided. */
export interface DecisionReport {
  looked: number;
  exceeded: number;
  decided: number;
  /** Whether it came to the last customer. The next run goes on otherwise. */
  isComplete: boolean;
}

/** The name of the cursor. */
const ROUND = 'mau-alerts';
/** How many customers are looked at together: their totals are a few batches, read at once. */
const CUSTOMERS_A_PAGE = 1_000;
/** How many transactions are under way at once. */
const AT_ONCE = 20;

/**
 * Gives the months in which thresholds are looked at: those that are not closed, and for an hour those just closed, so
 * that an operation of the last minute is still decided on once it is counted.
 */
function monthsLookedAt(calendar: Calendar, now: number): Month[] {
  return [...new Set([...calendar.openMonths(now - HOUR), ...calendar.openMonths(now)])];
}

/**
 * Decides which representatives are to be told that MAU exceed the threshold, each once for customer, month and threshold;
 * sends nothing. A run that has no time left ends, and the next one goes on where it was cut off.
 *
 * Reads the finder's keys of all customers, the totals of those whose MAU alert is on, and the decisions of those who
 * exceed it; writes only what was not decided yet. What a replica does not show yet, the next run sees.
 *
 * If the process dies, what was decided is decided, with the customer's last notification in the same transaction; the
 * next run finds the rest. Two runs at once decide each alert once: the decision is put only where there is none.
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
    const maus = await readTotalMaus(table, ids);
    const exceeded = ids
      .map((id, index): Exceeded => ({ ...id, mau: maus[index] ?? 0 }))
      .filter(({ mau, threshold }) => mau > threshold);
    for (const some of chunks(await undecidedOf(table, exceeded), AT_ONCE)) await Promise.all(some.map(decide));
    report.looked += mauAlerts.length;
    report.exceeded += exceeded.length;
  }

  /** Whatever fails concerns this customer only: the next run decides it. */
  async function decide(exceeded: Exceeded): Promise<void> {
    try {
      if (await decideMauAlert(services, exceeded)) report.decided += 1;
    } catch (error) {
      log.error('an alert could not be decided; the next run tries again', { ...exceeded, error });
    }
  }
}
