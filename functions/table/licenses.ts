import type { License } from '../domain/licenses/license.ts';
import { licenseKey, licensesOf, type Key } from './keys.ts';
import type { Table } from './engine/client.ts';
import { readWholeRange } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';

/**
 * A license that was set. A license stands unless another license that was set later replaced it after its start
 * (superseded), or the operator withdrew it before its start (cancelled).
 */
export type KeptLicense = License & {
  /** Epoch milliseconds. @default - not superseded */
  readonly supersededAt?: number | undefined;
  /** Epoch milliseconds. @default - not cancelled */
  readonly cancelledAt?: number | undefined;
};

/** Reads every license that was ever set for a customer, by start, without its key. */
export async function readLicenses(table: Table, customerId: string): Promise<KeptLicense[]> {
  const items = await readWholeRange<KeptLicense & Key>(table, licensesOf(customerId), 'strong');
  return items.map(({ pk, sk, ...license }) => license);
}

/**
 * Reads the licenses of a customer that stand, by start. Only these decide which license is in force at a time: a
 * superseded or cancelled license never counts.
 */
export async function readStandingLicenses(table: Table, customerId: string): Promise<License[]> {
  const licenses = await readLicenses(table, customerId);
  return licenses.flatMap(({ supersededAt, cancelledAt, ...license }) =>
    supersededAt === undefined && cancelledAt === undefined ? [license] : [],
  );
}

/**
 * Stores a license under its start. Replaces an earlier license with the same start, so that the operator can correct a
 * license.
 */
export function putLicense(customerId: string, license: KeptLicense): Write<KeptLicense> {
  return { Put: { Item: { ...licenseKey(customerId, license.startsAt), ...license } } };
}
