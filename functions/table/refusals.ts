import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { DAY, toTtl } from '../domain/time.ts';
import type { Table } from './engine/client.ts';
import { readLast } from './engine/reads.ts';
import { refusalKey, refusalsSince } from './keys.ts';

/**
 * A ceremony that the service refused. It contains no user ID, no user name, no credential ID and no key. All refusals
 * of an RP are in one partition, which the service empties when it discards the RP or its customer.
 */
export interface Refusal {
  readonly kind: 'registration' | 'authentication';
  /** When the service refused the ceremony, in epoch milliseconds. */
  readonly at: number;
  /** The slug of the problem with which the service responded. */
  readonly code: string;
  /** The step of the verification that refused the response. @default - the code needs none */
  readonly step?: string | undefined;
  /** The reason, in English. */
  readonly detail: string;
  /** The API key of the request. */
  readonly keyId: string;
  readonly requestId: string;
}

/** How long the service shows a refusal, in milliseconds. DynamoDB deletes the item later. */
const KEPT = 7 * DAY;
/** How many refusals of an RP the service shows. */
const MAX_SHOWN = 100;

/**
 * Stores a refusal, with one write of one write unit. Replaces another refusal of the same second, so that an RP has at
 * most one item for each second, and repeating the write changes nothing. If the process dies after the write, the
 * refusal is stored although the caller got no response.
 */
export async function putRefusal(table: Table, rpRef: string, refusal: Refusal): Promise<void> {
  const Item = { ...refusalKey(rpRef, refusal.at), ...refusal, ttl: toTtl(refusal.at + KEPT) };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}

/**
 * Reads the last 100 refusals of an RP within the 7 days before `now`, the last one first. May miss a refusal that was
 * stored just before the call.
 */
export async function readRefusals(table: Table, rpRef: string, now: number): Promise<Refusal[]> {
  const { items } = await readLast<Refusal>(table, refusalsSince(rpRef, now - KEPT), MAX_SHOWN);
  // The sort key contains only the second.
  return items.filter(({ at }) => at > now - KEPT);
}
