import { putClosedMonths, readClosedMonths } from '../../table/metering/closed-months.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import type { Month } from '../calendar.ts';
import { nextMonthOf } from '../licenses/billed-months.ts';
import { closeMonth, lastMonthDue } from './close-month.ts';
import { eachCustomer } from '../customers/each-customer.ts';
import type { CalendarServices } from '../services.ts';

/**
 * The number of customers whose months are closed at the same time. The number is small because the service makes 16
 * parallel queries for each RP. The number is above 1 because most customers have few RPs and so need few queries.
 */
const CUSTOMERS_AT_ONCE = 4;

/** The result of a run that closes months. */
export interface ClosingReport {
  /** The last month that was due to be closed. */
  readonly through: Month;
  /** The number of statements that the run created. */
  readonly closed: number;
  /** Whether every month up to `through` is now closed for every customer. */
  readonly complete: boolean;
}

/**
 * Closes every month that is due, for every customer that is not unsubscribing. This includes due months that earlier
 * runs did not close. A customer that is not activated is in no index, so the run does not find it. A run stops when
 * `hasTime` returns false. The next run begins with the customer at which this run stopped. Each customer item contains
 * the customer's last closed month, so the next run finds the months that are still open.
 *
 * When a customer's month cannot be closed, the run logs the error and continues with the other customers. In the end,
 * the run throws an `Error` with the number of customers whose months the run could not close, so that the operator
 * gets an alarm if the next runs fail too. If the process dies, the months that are already closed stay closed, and all
 * other months stay open.
 *
 * When a run finds that all due months of all customers are already closed, the run stores the last due month. Until
 * the next month is due, later runs read only the stored month and stop. A run that has closed a month does not store
 * the last due month, because this run may have missed a new customer: runs find customers in the table's GSI, which is
 * eventually consistent. The next run, an hour later, finds the new customer.
 */
export async function closeMonths(services: CalendarServices, hasTime: () => boolean): Promise<ClosingReport> {
  const { table, clock, calendar } = services;
  const through = lastMonthDue(calendar, clock.now());
  if ((await readClosedMonths(table)) === through) return { through, closed: 0, complete: true };
  let closed = 0;
  const failure = 'the months of a customer could not be closed';
  const { isComplete, failed } = await eachCustomer(
    services,
    { name: 'month-close', atOnce: CUSTOMERS_AT_ONCE, failure, hasTime },
    close,
  );
  if (failed > 0) throw new Error(`Customers that could not be closed through ${through}: ${failed}.`);
  if (!isComplete) return { through, closed, complete: false };
  if (closed === 0) await putClosedMonths(table, through);
  return { through, closed, complete: true };

  /**
   * Closes the months of one customer. Returns false when the Lambda function ran out of time before all due months of
   * the customer were closed.
   */
  async function close(customer: Customer): Promise<boolean> {
    if (customer.status === 'unsubscribing') return true;
    const result = await closeMonthsOf(services, customer, through, hasTime);
    closed += result.closed;
    return result.complete;
  }
}

/**
 * Closes the months of one customer in order, up to and including the month `through`. Stops when `hasTime` returns
 * false. Also stops when an active customer begins to unsubscribe during the call, because only `listFinalStatements`
 * may close the months of an unsubscribing customer. Returns the number of months that the call closed (`closed`), and
 * whether the function finished before `hasTime` returned false (`complete`). If the process dies, the months that are
 * already closed stay closed.
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
      // `closeMonth` changed nothing, because another run closed the month, or because the customer was activated or
      // got another license. The loop reads the customer again and closes the next open month.
      read = await readCustomer(table, customer.customerId, 'strong');
    }
  }
  return { closed, complete: true };
}
