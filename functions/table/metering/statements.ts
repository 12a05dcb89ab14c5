import type { License, Money } from '../../domain/licenses/license.ts';
import { statementKey, statementRpsBetween, statementRpsKey, statementsBetween, statementsOf } from '../keys.ts';
import { chunks } from '../engine/batches.ts';
import type { Table } from '../engine/client.ts';
import { absent } from '../engine/conditions.ts';
import { readBetween, readItems, readRange, readWholeRange, type Consistency } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/** The final MAU and fee of a customer for a closed month, without the MAU of each RP. A statement takes 0.4 KB. */
export interface Statement {
  readonly customerId: string;
  readonly month: string;
  /** The time zone in which the month began and ended. */
  readonly timeZone: string;
  /** The time at which the month was closed, in epoch milliseconds. */
  readonly closedAt: number;
  /**
   * The license that was in force at the month's last instant. If the month was closed before its last instant, this
   * field contains the license that was in force when the month was closed.
   */
  readonly license: Pick<License, 'type' | 'startsAt' | 'endsAt'>;
  /** The number of RPs that had active users. */
  readonly rps: number;
  /** The approximate size of the statement's list of RPs, in bytes. */
  readonly rpsSize: number;
  /** The customer's MAU: the sum of the MAU of the customer's RPs. */
  readonly mau: number;
  /** How many of these active users were measured. @default 0 - the month was closed by an earlier release */
  readonly measured?: number | undefined;
  /** The license's maximum MAU; null for a Free license. */
  readonly maxMau: number | null;
  /** The MAU above the license's maximum; 0 for a Free license. */
  readonly overageMau: number;
  /** The fee for the MAU above the maximum; null for a Free license. */
  readonly overageFee: Money | null;
}

/** An RP that had active users in the month of a statement. */
export interface StatementRp {
  /** The service's own ID of the RP. */
  readonly id: string;
  readonly rpId: string;
  /** The name that the RP had when the month was closed. */
  readonly name: string;
  readonly mau: number;
  /** How many of these active users were measured. @default 0 */
  readonly measured?: number | undefined;
}
/** One part of a statement's list of RPs. */
interface StatementRps {
  readonly month: string;
  readonly rps: readonly StatementRp[];
}

/**
 * The number of RPs in one part of a statement. An RP takes at most 0.9 KB, so a part is far below the 400 KB that an
 * item may have. A statement has at most 3,000 RPs in 30 parts, and a transaction may have 100 items of 4 MB together.
 */
const RPS_A_PART = 100;

/**
 * Stores a statement and its list of RPs; fails when the month already has a statement. These writes belong in one
 * transaction with the write that sets the customer's last closed month.
 */
export function putStatement(statement: Statement, rps: readonly StatementRp[]) {
  const { customerId, month } = statement;
  const parts = chunks(rps, RPS_A_PART).map((some, part): [`rps${number}`, Write<StatementRps>] => [
    `rps${part}`,
    { Put: { Item: { ...statementRpsKey(customerId, month, part), month, rps: some } } },
  ]);
  const itself: Write<Statement> = {
    Put: { Item: { ...statementKey(customerId, month), ...statement }, ConditionExpression: absent },
  };
  return { ...Object.fromEntries(parts), statement: itself };
}

/** Returns the approximate size of a list of RPs in the table, in bytes. */
export const sizeOfRps = (rps: readonly StatementRp[]): number => Buffer.byteLength(JSON.stringify(rps));

/**
 * Reads up to `limit` statements of a customer, the newest first. Reads only statements for months before `before`, if
 * `before` is given. The read is eventually consistent.
 */
export function readStatements(table: Table, customerId: string, limit: number, before: string | undefined) {
  return readRange<Statement>(table, statementsOf(customerId), {
    consistency: 'eventual',
    reverse: true,
    limit,
    after: before,
  });
}

/** Reads every statement of a customer, the oldest first, with strongly consistent reads. */
export function readAllStatements(table: Table, customerId: string) {
  return readWholeRange<Statement>(table, statementsOf(customerId), 'strong');
}

/**
 * Reads every statement of a customer from `firstMonth` to `lastMonth`, both months included. By default, the reads are
 * eventually consistent.
 */
export function readStatementsBetween(
  table: Table,
  customerId: string,
  firstMonth: string,
  lastMonth: string,
  consistency?: Consistency,
) {
  return readBetween<Statement>(table, statementsBetween(customerId, firstMonth, lastMonth), consistency);
}

/**
 * Reads the RPs of several statements of a customer. Returns the RPs by month. By default, the reads are eventually
 * consistent, and the statements must follow each other: when the reads miss the RPs of a statement that was just
 * stored, the function reads the RPs again, with strongly consistent reads.
 */
export async function readRpsOfStatements(
  table: Table,
  customerId: string,
  statements: readonly Statement[],
  consistency: Consistency = 'eventual',
): Promise<ReadonlyMap<string, readonly StatementRp[]>> {
  const months = statements.map(({ month }) => month).sort();
  const [first, last] = [months[0], months.at(-1)];
  const expected = statements.reduce((sum, { rps }) => sum + rps, 0);
  if (first === undefined || last === undefined || expected === 0) return new Map();
  const range = statementRpsBetween(customerId, first, last);
  let parts = await readBetween<StatementRps>(table, range, consistency);
  const found = parts.reduce((sum, { rps }) => sum + rps.length, 0);
  if (found < expected && consistency === 'eventual') parts = await readBetween<StatementRps>(table, range, 'strong');
  const rpsOf = new Map<string, StatementRp[]>();
  for (const { month, rps } of parts) rpsOf.set(month, [...(rpsOf.get(month) ?? []), ...rps]);
  return rpsOf;
}

/**
 * Reads one month's statements of several customers in the order of `customerIds`. By default, the reads are strongly
 * consistent. Returns undefined for each customer that has no statement for the month.
 */
export function readStatementsOf(
  table: Table,
  customerIds: readonly string[],
  month: string,
  consistency: Consistency = 'strong',
) {
  return readItems<Statement>(
    table,
    customerIds.map((customerId) => statementKey(customerId, month)),
    consistency,
  );
}
