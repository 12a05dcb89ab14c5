import pMap from 'p-map';
import { deleteCursor, putCursor, readCursor, type Cursor } from '../../table/cursors.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { cursorAfter, isBefore, readCustomersFrom } from '../../table/customers/find-customers.ts';
import type { Services } from '../services.ts';

/** The maximum number of customers that a run reads at once. */
const CUSTOMERS_A_PAGE = 100;

/** A run of a scheduled function that goes through all customers. */
export interface CustomerRun {
  /** The name under which the table stores the position at which a run was cut off. */
  readonly name: string;
  /** The number of customers that the run works on at the same time. */
  readonly atOnce: number;
  /** The message of the log line about a customer whose work failed. */
  readonly failure: string;
  readonly hasTime: () => boolean;
}

/** The result of a run. */
export interface RunReport {
  /**
   * Whether the run worked on every customer. If not, the run was cut off, and the next run begins at this position.
   */
  readonly isComplete: boolean;
  /** The number of customers whose work failed. */
  readonly failed: number;
}

/**
 * Calls `work` for each customer, for several customers at the same time, until `hasTime` returns false. `work` returns
 * false when it ran out of time before it was done with the customer.
 *
 * A run begins at the customer at which the last run was cut off, and goes once around the list of customers:
 *
 *     run 1 begins at A, and is cut off at F      A B C D E | · · ·
 *     run 2 begins at F, and is complete          F G H A B C D E
 *     run 3 begins at A
 *
 * So every customer has its turn, even if no run has enough time for all customers. When the work of a customer fails,
 * the run logs the error and continues, and the next run that reaches the customer tries again. May miss a customer
 * that has just signed up, because reads of the finder (our GSI) are eventually consistent.
 *
 * The run stores its position when it is cut off. If the process dies before that, the next run begins where this run
 * began, so `work` must do no harm when it is repeated. If two runs overlap, the later stored position counts.
 */
export async function eachCustomer(
  { table, log }: Pick<Services, 'table' | 'log'>,
  { name, atOnce, failure, hasTime }: CustomerRun,
  work: (customer: Customer) => Promise<boolean>,
): Promise<RunReport> {
  const start = await readCursor(table, name);
  let failed = 0;
  const halves: { from: Cursor | undefined; to: Cursor | undefined }[] = [{ from: start, to: undefined }];
  if (start) halves.push({ from: undefined, to: start });
  for (const { from, to } of halves) {
    let cursor = from;
    do {
      const { customers, next } = await readCustomersFrom(table, cursor, CUSTOMERS_A_PAGE);
      const inHalf = to ? customers.filter(({ customerId }) => isBefore(customerId, to)) : customers;
      const areDone = await pMap(inHalf, workOn, { concurrency: atOnce });
      const cutOff = areDone.indexOf(false);
      if (cutOff >= 0) {
        const done = inHalf[cutOff - 1];
        const position = done ? cursorAfter(done.customerId) : cursor;
        // Without a position, the run was cut off at the very first customer, where a run without a cursor begins.
        await (position ? putCursor(table, name, position) : deleteCursor(table, name));
        return { isComplete: false, failed };
      }
      cursor = inHalf.length < customers.length ? undefined : next;
    } while (cursor);
  }
  if (start) await deleteCursor(table, name);
  return { isComplete: true, failed };

  async function workOn(customer: Customer): Promise<boolean> {
    if (!hasTime()) return false;
    try {
      return await work(customer);
    } catch (error) {
      failed += 1;
      log.error(failure, { customerId: customer.customerId, error });
      return true;
    }
  }
}
