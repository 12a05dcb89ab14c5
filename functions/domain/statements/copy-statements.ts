import pMap from 'p-map';
import { readCustomer } from '../../table/customers/customers.ts';
import { cursorAfter, readCustomersFrom } from '../../table/customers/find-customers.ts';
import { readClosedMonths } from '../../table/metering/closed-months.ts';
import type { Copied } from '../../table/metering/copied-records.ts';
import {
  readRpsOfStatements,
  readStatementsBetween,
  type Statement,
  type StatementRp,
} from '../../table/metering/statements.ts';
import { toIso } from '../time.ts';
import type { CopyingServices } from './copy-records.ts';

/** The number of customers whose statements are copied at the same time. */
const CUSTOMERS_AT_ONCE = 10;
/** The number of customers after which a run can be cut off. */
const CUSTOMERS_A_PAGE = 20;
const BEFORE_ALL_MONTHS = '0000-00';

/** The result of copying statements. */
export interface StatementsCopied {
  /** How many copies the run has stored, or has found stored. */
  readonly copied: number;
  /** The number of customers whose statements could not be copied. */
  readonly failed: number;
  readonly isChanged: boolean;
  readonly mark: Pick<Copied, 'through' | 'begun'>;
}

/**
 * Copies the paid statements of the months that are closed for every customer and not copied yet. Goes through the list
 * of all customers once, in one run or in several. A run begins where the last run was cut off:
 *
 *     run 1 begins at A, and is cut off at F      A B C D E | · · ·
 *     run 2 begins at F, and reaches the end                  F G H     all are copied
 *     run 3 begins at A, with the months that were closed meanwhile
 *
 * When the statements of a customer cannot be copied, the run logs the error and continues with the other customers. At
 * the end of the list, the next run then goes through the list again, with all months that are closed by then.
 */
export async function copyStatements(
  services: CopyingServices,
  { through, begun }: Pick<Copied, 'through' | 'begun'>,
  hasTime: () => boolean,
): Promise<StatementsCopied> {
  const { table, log } = services;
  const from = through ?? BEFORE_ALL_MONTHS;
  const to = begun?.through ?? (await readClosedMonths(table, 'strong')) ?? from;
  let copied = 0;
  let failed = 0;
  if (to <= from) return { copied, failed, isChanged: false, mark: { through } };
  const hasFailed = () => failed > 0 || begun?.hasFailed === true;
  for (let after = begun?.after; ;) {
    const cursor = after === undefined ? undefined : cursorAfter(after);
    const { customers, next } = await readCustomersFrom(table, cursor, CUSTOMERS_A_PAGE);
    const hadTime = (await pMap(customers, tryToCopy, { concurrency: CUSTOMERS_AT_ONCE })).every(Boolean);
    if (hadTime && !next) return { copied, failed, isChanged: true, mark: { through: hasFailed() ? through : to } };
    if (hadTime) after = next?.after;
    if (!hasTime()) {
      const mark = { through, begun: { through: to, after, hasFailed: hasFailed() } };
      return { copied, failed, isChanged: true, mark };
    }
  }

  /** Copies the statements of a customer, if there is time. Returns whether there was time. */
  async function tryToCopy({ customerId }: { readonly customerId: string }): Promise<boolean> {
    if (!hasTime()) return false;
    try {
      copied += await copyStatementsOf(services, customerId, from, to);
    } catch (error) {
      failed += 1;
      log.error('the statements of a customer could not be copied', { customerId, error });
    }
    return true;
  }
}

/**
 * Copies the paid statements of a customer from the month after `from` to the month `to`. Returns their number. Throws
 * an `Error` if a statement's list of RPs is incomplete, after it has copied the other statements. While a customer is
 * being discarded, incomplete lists are normal, so the function then leaves these statements out.
 */
async function copyStatementsOf(
  { table, copies }: CopyingServices,
  customerId: string,
  from: string,
  to: string,
): Promise<number> {
  const between = await readStatementsBetween(table, customerId, from, to, 'strong');
  const paid = between.filter(({ month, license }) => month > from && license.type !== 'free');
  const rpsOf = await readRpsOfStatements(table, customerId, paid, 'strong');
  const incomplete: string[] = [];
  for (const statement of paid) {
    const rps = rpsOf.get(statement.month) ?? [];
    if (rps.length === statement.rps) await keepStatement(copies, statement, rps);
    else incomplete.push(statement.month);
  }
  if (incomplete.length > 0) {
    const customer = await readCustomer(table, customerId, 'strong');
    if (customer && customer.status !== 'unsubscribing')
      throw new Error(`Statements whose RPs are not all in the table: ${incomplete.join(', ')}.`);
  }
  return paid.length - incomplete.length;
}

async function keepStatement(
  copies: CopyingServices['copies'],
  statement: Statement,
  rps: readonly StatementRp[],
): Promise<void> {
  const { customerId, month, timeZone, closedAt, license, mau, measured, maxMau, overageMau, overageFee } = statement;
  // After a restored backup, a month may be closed a second time, with other numbers.
  await copies.keep(`statements/${month}/${customerId}-${toIso(closedAt)}.json`, {
    ...{ customerId, month, timeZone, closedAt, license, mau, measured, maxMau, overageMau, overageFee },
    rps: rps.map(({ id, mau, measured = 0 }) => ({ id, mau, measured })),
  });
}
