import type { License } from '../domain/license.ts';
import { licenseKey, licensesOf, type Key } from './keys.ts';
import { readWholeRange } from './reads.ts';
import type { Table } from './table.ts';
import type { Write } from './transaction.ts';

/** A license that was set. Those that a later one took the place of before they could go on are superseded. */
export type KeptLicense = License & {
  /** Epoch milliseconds, or undefined while it stands. */
  readonly supersededAt?: number | undefined;
};

/** Reads every license that a customer was ever set, by start: what was set, without the keys that it stands under. */
export async function readLicenses(table: Table, customerId: string): Promise<KeptLicense[]> {
  const items = await readWholeRange<KeptLicense & Key>(table, licensesOf(customerId), 'strong');
  return items.map(({ pk, sk, ...license }) => license);
}

/** Keeps a license under its start; setting another one with the same start corrects it. */
export function putLicense(customerId: string, license: KeptLicense): Write {
  return { Put: { Item: { ...licenseKey(customerId, license.startsAt), ...license } } };
}
