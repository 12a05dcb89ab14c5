import { eachCustomer } from '../customers/each-customer.ts';
import type { Services } from '../services.ts';
import { DAY, toIso } from '../time.ts';
import type { ClosingRecord } from '../../table/closing-records.ts';
import { putCopied, readCopied } from '../../table/metering/copied-records.ts';
import { readClosedMonths } from '../../table/metering/closed-months.ts';
import {
  readRpsOfStatements,
  readStatementsBetween,
  type Statement,
  type StatementRp,
} from '../../table/metering/statements.ts';

/** The place to which statements and closing records are copied, and the closing records. */
export interface Copies {
  /** Stores a copy under a name. Does nothing if there is a copy of this name. */
  readonly keep: (name: string, copy: object) => Promise<void>;
  /** Reads all closing records. */
  readonly readClosingRecords: () => Promise<readonly ClosingRecord[]>;
}
export interface CopyingServices extends Services {
  readonly copies: Copies;
}
/** How many copies a run has stored, or has found stored. */
export interface CopyReport {
  readonly statements: number;
  readonly closingRecords: number;
}

/** The number of customers whose statements are copied at the same time. */
const CUSTOMERS_AT_ONCE = 10;
/** A closing record is stored at most this long after the time in it, in milliseconds. */
const STORED_WITHIN = DAY;
const BEFORE_ALL_MONTHS = '0000-00';

/**
 * Copies the closing records, and the statements of the months that are closed for every customer. Copies neither
 * names nor domain names, and no statement with a Free license, because nobody bills it.
 *
 * The name of a copy follows from its record, which never changes, and an existing copy stays. So if the process dies
 * after any copy, the next run copies the rest, and repeats the copies that this run has stored since the last mark.
 * The run stores the mark last. Stops when `hasTime` returns false; the next run continues with the customer at which
 * this run stopped. Throws an `Error` if a copy was not stored.
 */
export async function copyRecords(services: CopyingServices, hasTime: () => boolean): Promise<CopyReport> {
  const { table, clock, copies } = services;
  const startedAt = clock.now();
  const [closed, copied] = [await readClosedMonths(table), await readCopied(table)];
  const closingRecords = await copyClosingRecords(copies, (copied?.closingRecordsUntil ?? 0) - STORED_WITHIN);
  const from = copied?.through ?? BEFORE_ALL_MONTHS;
  if (closed === undefined || closed <= from) {
    if (closingRecords > 0) await putCopied(table, { ...copied, closingRecordsUntil: startedAt });
    return { statements: 0, closingRecords };
  }
  let statements = 0;
  const { isComplete, failed } = await eachCustomer(
    services,
    {
      name: 'copy-statements',
      atOnce: CUSTOMERS_AT_ONCE,
      failure: 'the statements of a customer could not be copied',
      hasTime,
    },
    async ({ customerId }) => {
      statements += await copyStatements(services, customerId, from, closed);
      return true;
    },
  );
  if (failed > 0) throw new Error(`Customers whose statements could not be copied: ${failed}.`);
  if (isComplete) await putCopied(table, { through: closed, closingRecordsUntil: startedAt });
  return { statements, closingRecords };
}

/** Copies the closing records that may have been stored after the time `since`, and those that are not final. */
async function copyClosingRecords({ keep, readClosingRecords }: Copies, since: number): Promise<number> {
  const records = (await readClosingRecords()).filter(
    ({ discardedAt }) => discardedAt === null || discardedAt >= since,
  );
  for (const record of records) {
    const state = record.discardedAt === null ? 'begun' : 'discarded';
    await keep(`closing-records/${record.customerId}-${state}.json`, record);
  }
  return records.length;
}

/** Copies the paid statements of a customer from the month after `from` to the month `to`. Returns their number. */
async function copyStatements(
  { table, copies }: CopyingServices,
  customerId: string,
  from: string,
  to: string,
): Promise<number> {
  const statements = (await readStatementsBetween(table, customerId, from, to)).filter(({ month }) => month > from);
  const rpsOf = await readRpsOfStatements(table, customerId, statements);
  const paid = statements.filter(({ license }) => license.type !== 'free');
  for (const statement of paid) await keepStatement(copies, statement, rpsOf.get(statement.month) ?? []);
  return paid.length;
}

async function keepStatement(copies: Copies, statement: Statement, rps: readonly StatementRp[]): Promise<void> {
  const { customerId, month, timeZone, closedAt, license, mau, measured, maxMau, overageMau, overageFee } = statement;
  // After a restored backup, a month may be closed a second time, with other numbers.
  await copies.keep(`statements/${month}/${customerId}-${toIso(closedAt)}.json`, {
    ...{ customerId, month, timeZone, closedAt, license, mau, measured, maxMau, overageMau, overageFee },
    rps: rps.map(({ id, mau, measured = 0 }) => ({ id, mau, measured })),
  });
}
