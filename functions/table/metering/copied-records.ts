import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../engine/client.ts';
import { readItem } from '../engine/reads.ts';
import { copiedKey } from '../keys.ts';

/** The records that are copied to another place. */
export interface Copied {
  /** The month up to which the statements of all customers are copied. @default - no statement is copied */
  readonly through?: string | undefined;
  /** The time up to which all closing records are copied, in epoch milliseconds. */
  readonly closingRecordsUntil: number;
}

/** Reads what is copied, with an eventually consistent read. Returns undefined when nothing is copied. */
export async function readCopied(table: Table): Promise<Copied | undefined> {
  return readItem<Copied>(table, copiedKey, 'eventual');
}

/** Stores what is copied. If the process dies before this write, the next run stores the same copies again. */
export async function putCopied(table: Table, { through, closingRecordsUntil }: Copied): Promise<void> {
  const Item = { ...copiedKey, ...(through !== undefined && { through }), closingRecordsUntil };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}
