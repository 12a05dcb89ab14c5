import type { License } from '../domain/licenses/license.ts';
import { licenseKey, licensesOf, type Key } from './keys.ts';
import { readWholeRange } from './engine/reads.ts';
import type { Table } from './engine/client.ts';
import type { Write } from './engine/transaction.ts';

/**
 * A license that was set. It stands unless one that was set later took its place after it had begun (superseded), or the
 * operator took it back before it began (cancelled).
 */
export type KeptLicense = License & {
  /** Epoch milliseconds. @default - it was not superseded */
  readonly supersededAt?: number | undefined;
  /** Epoch milliseconds. @default - it was not cancelled */
  readonly cancelledAt?: number | undefined;
};

/** Reads every license that a customer was ever set, by start: what was set, without the keys that it stands under. */
export async function readLicenses(table: Table, customerId: string): Promise<KeptLicense[]> {
  const items = await readWholeRange<KeptLicense & Key>(table, licensesOf(customerId), 'strong');
  return items.map(({ pk, sk, ...license }) => license);
}

/**
 * Reads the licenses of a customer that stand, by start. Whoever asks which one is in force at a time asks these: a
 * superseded or cancelled one never counts.
 */
export async function readStandingLicenses(table: Table, customerId: string): Promise<License[]> {
  const licenses = await readLicenses(table, customerId);
  return licenses.flatMap(({ supersededAt, cancelledAt, ...license }) =>
    supersededAt === undefined && cancelledAt === undefined ? [license] : [],
  );
}

/** Keeps a license under its start; setting another one with the same start corrects it. */
export function putLicense(customerId: string, license: KeptLicense): Write {
  return { Put: { Item: { ...licenseKey(customerId, license.startsAt), ...license } } };
}
