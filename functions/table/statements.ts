import type { License, Money } from '../domain/licenses/license.ts';
import { statementKey, statementsBetween, statementsOf } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';
import { readBetween, readItems, readRange, readWholeRange } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';

/** The final MAU and fee of a closed month. For a customer with 1,000 RPs, a statement takes 35 KB. */
export interface Statement {
  readonly customerId: string;
  readonly month: string;
  /** The time zone of the month. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly closedAt: number;
  /** The license in force at the month's last instant. */
  readonly license: Pick<License, 'type' | 'startsAt' | 'endsAt'>;
  /**
   * The MAU of each RP that had active users, by our ID of the RP. The RPs' items have the names, and these items stay.
   */
  readonly rps: Readonly<Record<string, number>>;
  /** The sum over the RPs. */
  readonly mau: number;
  /** Null on Free. */
  readonly maxMau: number | null;
  /** 0 on Free. */
  readonly overageMau: number;
  /** Null on Free. */
  readonly overageFee: Money | null;
}

/**
 * Stores a statement; fails when the month has one. Belongs in one transaction with the write that sets the customer's
 * last closed month.
 */
export function putStatement(statement: Statement): Write<Statement> {
  const { customerId, month } = statement;
  return { Put: { Item: { ...statementKey(customerId, month), ...statement }, ConditionExpression: absent } };
}

/** Reads up to `limit` statements of a customer, the newest first, of months before `before`. */
export function readStatements(table: Table, customerId: string, limit: number, before: string | undefined) {
  return readRange<Statement>(table, statementsOf(customerId), {
    consistency: 'strong',
    reverse: true,
    limit,
    after: before,
  });
}

/** Reads every statement of a customer, strongly, the oldest first. */
export function readAllStatements(table: Table, customerId: string) {
  return readWholeRange<Statement>(table, statementsOf(customerId), 'strong');
}

/** Reads every statement of a customer from one month to another, both included. */
export function readStatementsBetween(table: Table, customerId: string, firstMonth: string, lastMonth: string) {
  return readBetween<Statement>(table, statementsBetween(customerId, firstMonth, lastMonth));
}

/**
 * Reads one month's statements of several customers, strongly, in the order of the customers; undefined where a
 * customer has no statement.
 */
export function readStatementsOf(table: Table, customerIds: readonly string[], month: string) {
  return readItems<Statement>(
    table,
    customerIds.map((customerId) => statementKey(customerId, month)),
    'strong',
  );
}
