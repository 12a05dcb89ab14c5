import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { closedMonthsKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { readItem, type Consistency } from '../engine/reads.ts';

/**
 * The last month that is closed for every customer. A customer's month is closed when the month's statement is stored.
 */
interface ClosedMonths {
  readonly through: string;
}

/**
 * Reads the last month that is closed for every customer. An eventually consistent read, the default, costs 0.5 read
 * units. Returns undefined when no month is closed.
 */
export async function readClosedMonths(
  table: Table,
  consistency: Consistency = 'eventual',
): Promise<string | undefined> {
  return (await readItem<ClosedMonths>(table, closedMonthsKey, consistency))?.through;
}

/**
 * Stores the last month that is closed for every customer. If the process dies before this write, the next run that
 * closes months reads all customers again and finds that all of their months up to `through` are closed.
 */
export async function putClosedMonths(table: Table, through: string): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...closedMonthsKey, through } }));
}
