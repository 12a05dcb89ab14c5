import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { cursorKey } from './keys.ts';
import type { Table } from './engine/client.ts';
import { readItem } from './engine/reads.ts';

/**
 * A position in the list of all customers. This list has the same order as the finder (our GSI). Only code in
 * `functions/table` reads the fields of a cursor.
 */
export interface Cursor {
  /** One part of the list, `00` to `0f`. Each bucket is a partition of the finder. */
  readonly bucket: string;
  /** The ID of the last customer before this position; undefined when this position is the beginning of `bucket`. */
  readonly after?: string | undefined;
}

/**
 * Reads the position at which the last run through all customers stopped because it ran out of time. `name` identifies
 * the kind of run. Returns undefined when the last run reached the last customer.
 */
export async function readCursor(table: Table, name: string): Promise<Cursor | undefined> {
  return readItem<Cursor>(table, cursorKey(name), 'strong');
}

/**
 * Stores the position at which a run through all customers stopped because it ran out of time. If the process dies
 * before this write, the next run starts where this run started.
 */
export async function putCursor(table: Table, name: string, { bucket, after }: Cursor): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...cursorKey(name), bucket, after } }));
}

/** Deletes the stored position. A run calls this function when the run has reached the last customer. */
export async function deleteCursor(table: Table, name: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: cursorKey(name) }));
}
