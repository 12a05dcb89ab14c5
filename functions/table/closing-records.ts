import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { closingRecordKey, keptClosingRecordKey, keptClosingRecords, type Key } from './keys.ts';
import { isConditionFailed, type Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';
import { readItem, readWholeRange } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';
import type { ItemCounts } from './customers/customers.ts';

/**
 * The record that the service keeps about a customer after the customer unsubscribed. A closing record contains no
 * personal data.
 */
export interface ClosingRecord {
  readonly customerId: string;
  /** The time at which the customer unsubscribed, in epoch milliseconds. */
  readonly unsubscribedAt: number;
  /**
   * The time at which the service finished deleting the customer's data, in epoch milliseconds; null before this time.
   */
  readonly discardedAt: number | null;
  /**
   * How many items of each kind the customer had before the first item was deleted; may be empty while `discardedAt` is
   * null.
   */
  readonly discarded: ItemCounts;
}

/**
 * Reads the closing record of a customer from the service's table, with a strongly consistent read. Returns undefined
 * when this table contains no closing record of the customer.
 */
export function readClosingRecord(table: Table, customerId: string) {
  return readItem<ClosingRecord>(table, closingRecordKey(customerId), 'strong');
}

/**
 * Stores the closing record of a customer in the service's table. This write belongs in one transaction with the
 * deletion of the customer.
 */
export function putClosingRecord(record: ClosingRecord): Write<ClosingRecord> {
  return { Put: { Item: { ...closingRecordKey(record.customerId), ...record } } };
}

/**
 * Stores a closing record in the separate table of closing records, so that restoring the service's table from a backup
 * does not lose the record. A record whose `discardedAt` is null does not replace a stored record, because the stored
 * record may already contain the time at which another process finished the deletion. If the process dies after this
 * write, another process continues to delete the customer's data and stores the record again.
 */
export async function keepClosingRecord(closingRecords: Table, record: ClosingRecord): Promise<void> {
  const Item = { ...keptClosingRecordKey(record.customerId), ...record };
  try {
    await closingRecords.client.send(
      new PutCommand({
        TableName: closingRecords.name,
        Item,
        ConditionExpression: record.discardedAt === null ? absent : undefined,
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

/**
 * Returns every closing record in the table of closing records. The returned records do not contain the attributes `pk`
 * and `sk`.
 */
export async function readKeptClosingRecords(closingRecords: Table): Promise<ClosingRecord[]> {
  const items = await readWholeRange<ClosingRecord & Key>(closingRecords, keptClosingRecords, 'strong');
  return items.map(({ pk, sk, ...record }) => record);
}
