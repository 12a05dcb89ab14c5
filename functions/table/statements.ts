import type { License, Money } from '../domain/licenses/license.ts';
import { statementKey, statementsBetween, statementsOf } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';
import { readBetween, readItems, readRange, readWholeRange } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';

/** The final MAU and fee of a customer for a closed month. For a customer with 1,000 RPs, a statement takes 35 KB. */
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
  /**
   * The MAU of each RP that had active users. Each key of this object is the service's own ID of an RP. The RP items
   * contain the names of the RPs, and stay in the table when the RPs are removed.
   */
  readonly rps: Readonly<Record<string, number>>;
  /** The customer's MAU: the sum of the MAU of the customer's RPs. */
  readonly mau: number;
  /** The license's maximum MAU; null for a Free license. */
  readonly maxMau: number | null;
  /** The MAU above the license's maximum; 0 for a Free license. */
  readonly overageMau: number;
  /** The fee for the MAU above the maximum; null for a Free license. */
  readonly overageFee: Money | null;
}

/**
 * Stores a statement; fails when the month already has a statement. This write belongs in one transaction with the
 * write that sets the customer's last closed month.
 */
export function putStatement(statement: Statement): Write<Statement> {
  const { customerId, month } = statement;
  return { Put: { Item: { ...statementKey(customerId, month), ...statement }, ConditionExpression: absent } };
}

/**
 * Reads up to `limit` statements of a customer, the newest first. Reads only statements for months before `before`, if
 * `before` is given.
 */
export function readStatements(table: Table, customerId: string, limit: number, before: string | undefined) {
  return readRange<Statement>(table, statementsOf(customerId), {
    consistency: 'strong',
    reverse: true,
    limit,
    after: before,
  });
}

/** Reads every statement of a customer, the oldest first, with strongly consistent reads. */
export function readAllStatements(table: Table, customerId: string) {
  return readWholeRange<Statement>(table, statementsOf(customerId), 'strong');
}

/** Reads every statement of a customer from `firstMonth` to `lastMonth`, both months included. */
export function readStatementsBetween(table: Table, customerId: string, firstMonth: string, lastMonth: string) {
  return readBetween<Statement>(table, statementsBetween(customerId, firstMonth, lastMonth));
}

/**
 * Reads one month's statements of several customers in the order of `customerIds`, with strongly consistent reads.
 * Returns undefined for each customer that has no statement for the month.
 */
export function readStatementsOf(table: Table, customerIds: readonly string[], month: string) {
  return readItems<Statement>(
    table,
    customerIds.map((customerId) => statementKey(customerId, month)),
    'strong',
  );
}
