import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../engine/client.ts';
import { readItem } from '../engine/reads.ts';
import { copiedKey } from '../keys.ts';

/** The records that are copied to a bucket. */
export interface Copied {
  /** The name of the S3 bucket that contains the copies. */
  readonly bucket: string;
  /** The month up to which the statements of all customers are copied. @default - no statement is copied */
  readonly through?: string | undefined;
  /** The copying of statements that has begun and is not complete. @default - none */
  readonly begun?: BegunCopying | undefined;
  /** The time up to which all closing records are copied, in epoch milliseconds. */
  readonly closingRecordsUntil: number;
}

/** How far the list of all customers was gone through, to copy their statements. */
export interface BegunCopying {
  /** The month up to which the statements are being copied. */
  readonly through: string;
  /** The ID of the last customer in the list of all customers whose statements are copied. @default - none */
  readonly after?: string | undefined;
  /** Whether the statements of one of these customers could not be copied. */
  readonly hasFailed: boolean;
}

/** Reads what is copied, with a strongly consistent read. Returns undefined when nothing is copied. */
export async function readCopied(table: Table): Promise<Copied | undefined> {
  return readItem<Copied>(table, copiedKey, 'strong');
}

/** Stores what is copied. If the process dies before this write, the next run stores the same copies again. */
export async function putCopied(table: Table, { bucket, through, begun, closingRecordsUntil }: Copied): Promise<void> {
  const Item = { ...copiedKey, bucket, through, begun, closingRecordsUntil };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}
