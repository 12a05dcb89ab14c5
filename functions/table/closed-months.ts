import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { closedMonthsKey } from './keys.ts';
import { readItem } from './engine/reads.ts';
import type { Table } from './engine/client.ts';

interface ClosedMonths {
  readonly through: string;
}

/** Reads through which month every customer is closed, eventually consistently: 0.5 read unit. Undefined: through none. */
export async function readClosedMonths(table: Table): Promise<string | undefined> {
  return (await readItem<ClosedMonths>(table, closedMonthsKey, 'eventual'))?.through;
}

/**
 * Keeps through which month every customer is closed. If the process dies before, the next run goes through all customers
 * again and finds them closed.
 */
export async function putClosedMonths(table: Table, through: string): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...closedMonthsKey, through } }));
}
