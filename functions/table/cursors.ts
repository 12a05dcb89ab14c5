import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { cursorKey } from './keys.ts';
import { readItem } from './engine/reads.ts';
import type { Table } from './engine/client.ts';

/** Where a run goes on in the customers of the finder. */
export interface Cursor {
  readonly bucket: string;
  /** The ID of the last one looked at; undefined at the bucket's beginning. */
  readonly after?: string | undefined;
}

/** Reads where the run before was cut off. Undefined when it came to the end. */
export async function readCursor(table: Table, name: string): Promise<Cursor | undefined> {
  return readItem<Cursor>(table, cursorKey(name), 'strong');
}

/** Keeps where a run was cut off. */
export async function putCursor(table: Table, name: string, { bucket, after }: Cursor): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...cursorKey(name), bucket, after } }));
}

/** Forgets where a run was cut off, once a later one came to the end. */
export async function deleteCursor(table: Table, name: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: cursorKey(name) }));
}
