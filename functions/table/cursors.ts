import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { cursorKey } from './keys.ts';
import type { Table } from './engine/client.ts';
import { readItem } from './engine/reads.ts';

/** A place among all customers in the order of the finder. Only code of the table reads its fields. */
export interface Cursor {
  readonly bucket: string;
  /** The ID of the last customer that was looked at; undefined at the beginning of the bucket. */
  readonly after?: string | undefined;
}

/** Reads where the last run was cut off. Undefined when it came to the end. */
export async function readCursor(table: Table, name: string): Promise<Cursor | undefined> {
  return readItem<Cursor>(table, cursorKey(name), 'strong');
}

/** Stores where a run was cut off. If the process dies before this write, the next run starts where this one did. */
export async function putCursor(table: Table, name: string, { bucket, after }: Cursor): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...cursorKey(name), bucket, after } }));
}

/** Deletes the cursor once a later run has come to the end. */
export async function deleteCursor(table: Table, name: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: cursorKey(name) }));
}
