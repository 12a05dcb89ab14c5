import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { closingRecordKey, keptClosingRecordKey, keptClosingRecords, type Key } from './keys.ts';
import { readItem, readWholeRange } from './engine/reads.ts';
import { isConditionFailed, type Table } from './engine/client.ts';
import { absent, type Write } from './engine/transaction.ts';
import type { ItemCounts } from './customers/unsubscriptions.ts';

/** What stays of a customer that unsubscribed: no personal data. */
export interface ClosingRecord {
  readonly customerId: string;
  /** Epoch milliseconds, as the other. */
  readonly unsubscribedAt: number;
  /** Null while the discarding goes on. */
  readonly discardedAt: number | null;
  /** What there was to discard. */
  readonly discarded: ItemCounts;
}

export function readClosingRecord(table: Table, customerId: string) {
  return readItem<ClosingRecord>(table, closingRecordKey(customerId), 'strong');
}

/** Leaves the record in the place of the customer. In a transaction with its deletion. */
export function putClosingRecord(record: ClosingRecord): Write {
  return { Put: { Item: { ...closingRecordKey(record.customerId), ...record } } };
}

/**
 * Keeps a record in the table of closing records, which a backup of the service's table does not take back. One of a
 * discarding that begins takes the place of none: the discarding may have ended by then. If the process dies after it, the
 * discarding goes on and keeps the same again.
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

/** Reads every record of the table of closing records, without the keys that it stands under there. */
export async function readKeptClosingRecords(closingRecords: Table): Promise<ClosingRecord[]> {
  const items = await readWholeRange<ClosingRecord & Key>(closingRecords, keptClosingRecords, 'strong');
  return items.map(({ pk, sk, ...record }) => record);
}
