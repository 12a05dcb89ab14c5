import type { License } from '../domain/licenses/license.ts';
import { licenseKey, licensesOf, type Key } from './keys.ts';
import type { Table } from './engine/client.ts';
import { exists } from './engine/conditions.ts';
import { readRange, readWholeRange } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';

/**
 * A license that was set for a customer. The license may be superseded (the operator replaced it after its start) or
 * cancelled (the operator withdrew it before its start).
 */
export type KeptLicense = License & {
  /** The time at which the license was superseded, in epoch milliseconds. @default - not superseded */
  readonly supersededAt?: number | undefined;
  /** The time at which the license was cancelled, in epoch milliseconds. @default - not cancelled */
  readonly cancelledAt?: number | undefined;
};

/**
 * Reads every license that was ever set for a customer, sorted by start. The returned licenses do not contain the
 * attributes `pk` and `sk`.
 */
export async function readLicenses(table: Table, customerId: string): Promise<KeptLicense[]> {
  const items = await readWholeRange<KeptLicense & Key>(table, licensesOf(customerId), 'strong');
  return items.map(({ pk, sk, ...license }) => license);
}

/**
 * Reads up to `limit` licenses of a customer, the one with the latest start first, with an eventually consistent read.
 * Also returns whether there are more.
 */
export async function readLatestLicenses(
  table: Table,
  customerId: string,
  limit: number,
): Promise<{ licenses: KeptLicense[]; hasMore: boolean }> {
  const options = { consistency: 'eventual', reverse: true, limit } as const;
  const { items, last } = await readRange<KeptLicense & Key>(table, licensesOf(customerId), options);
  return { licenses: items.map(({ pk, sk, ...license }) => license), hasMore: last !== undefined };
}

/**
 * Reads the licenses of a customer that are neither superseded nor cancelled, sorted by start. Only these licenses
 * decide which license is in force at a time.
 */
export async function readStandingLicenses(table: Table, customerId: string): Promise<License[]> {
  const licenses = await readLicenses(table, customerId);
  return licenses.flatMap(({ supersededAt, cancelledAt, ...license }) =>
    supersededAt === undefined && cancelledAt === undefined ? [license] : [],
  );
}

/**
 * Stores a license under a key that contains the license's start. If a license with the same start is already stored,
 * overwrites it, so that the operator can correct a license. If the customer is provisional, `ttl` is the time, in
 * seconds since the epoch, after which DynamoDB may delete the item.
 */
export function putLicense(customerId: string, license: KeptLicense, ttl?: number): Write<KeptLicense> {
  const Item = { ...licenseKey(customerId, license.startsAt), ...license, ...(ttl !== undefined && { ttl }) };
  return { Put: { Item } };
}

/** Removes the TTL of a license, because the customer was activated. Fails when there is no license with this start. */
export function keepLicense(customerId: string, { startsAt }: Pick<License, 'startsAt'>): Write<KeptLicense> {
  return {
    Update: {
      Key: licenseKey(customerId, startsAt),
      UpdateExpression: 'REMOVE #ttl',
      ConditionExpression: exists,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
    },
  };
}
