import pMap from 'p-map';
import { putClosedMonths, readClosedMonths } from '../../table/closed-months.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import type { Month } from '../calendar.ts';
import { closeMonth, lastMonthDue, nextMonthOf } from './close-month.ts';
import { eachPageOfCustomers } from '../../table/customers/find-customers.ts';
import type { CalendarServices, Metrics } from '../services.ts';

/** Customers that are closed at once: most have few RPs, each counted with 16 queries. */
const CUSTOMERS_AT_ONCE = 4;

export interface ClosingServices extends CalendarServices {
  readonly metrics: Metrics;
}

/** What a run did: the last month due, how many statements it made, and whether every customer is closed through it. */
export interface ClosingReport {
  readonly through: Month;
  readonly closed: number;
  readonly complete: boolean;
}

/**
 * Closes every month that is due for every customer that is not unsubscribing, those missed before too; also of one that
 * nobody has activated yet, which may be activated any time. A run that has no time left ends, and the next one goes on:
 * each customer says through which month it is closed. A customer whose month cannot be closed does not hold up the
 * others; it shows in a metric, and the run throws when it has tried all. If the process dies, what was closed is closed,
 * once, and the rest is as before.
 *
 * Once a run finds everything closed, that is kept, and runs with nothing due read nothing else. The run that closed the
 * last ones does not keep it: the finder may have missed a customer, which the next run, an hour later, finds.
 */
export async function closeMonths(services: ClosingServices, hasTime: () => boolean): Promise<ClosingReport> {
  const { table, clock, calendar, log } = services;
  const through = lastMonthDue(calendar, clock.now());
  if ((await readClosedMonths(table)) === through) return { through, closed: 0, complete: true };
  let closed = 0;
  let failed = 0;
  for await (const customers of eachPageOfCustomers(table)) {
    const staying = customers.filter(({ status }) => status !== 'unsubscribing');
    const areThrough = await pMap(staying, close, { concurrency: CUSTOMERS_AT_ONCE });
    if (areThrough.includes(false)) return { through, closed, complete: false };
  }
  if (failed > 0) throw new Error(`Customers that could not be closed through ${through}: ${failed}.`);
  if (closed === 0) await putClosedMonths(table, through);
  return { through, closed, complete: true };

  /** Gives whether there was time for all of its months. */
  async function close(customer: Customer): Promise<boolean> {
    try {
      const result = await closeMonthsOf(services, customer, through, hasTime);
      closed += result.closed;
      return result.complete;
    } catch (error) {
      failed += 1;
      services.metrics.add('UnclosedCustomers', 1);
      log.error('the months of a customer could not be closed', { customerId: customer.customerId, through, error });
      return true;
    }
  }
}

/**
 * Closes the months of one customer, one after the other, through a month; one that begins to unsubscribe meanwhile is left
 * to whoever ends it. Gives how many it closed, and whether nothing is left to close. If the process dies, the months
 * closed so far are closed.
 */
export async function closeMonthsOf(
  services: CalendarServices,
  customer: Customer,
  through: Month,
  hasTime: () => boolean,
): Promise<{ closed: number; complete: boolean }> {
  const { table, calendar } = services;
  let closed = 0;
  const isEnded = ({ status }: Customer) => status === 'unsubscribing';
  for (let read: Customer | undefined = customer; read && isEnded(read) === isEnded(customer);) {
    const month = nextMonthOf(calendar, read);
    if (month > through) break;
    if (!hasTime()) return { closed, complete: false };
    if (await closeMonth(services, read, month)) {
      closed += 1;
      read = { ...read, closedThrough: month };
    } else {
      // Closed by another run, activated, or given another license: as it is now.
      read = await readCustomer(table, customer.customerId, 'strong');
    }
  }
  return { closed, complete: true };
}
