import { metadataIndexKey, metadataKey } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';
import { readItem } from './engine/reads.ts';
import { transact, type Write } from './engine/transaction.ts';

/** One status that the FIDO Alliance published about an authenticator, in the words of its metadata. */
export interface StatusReport {
  readonly status: string;
  /** The date since which the status applies, such as `2026-11-29`. @default - the metadata has no date */
  readonly effectiveDate?: string | undefined;
}

/** The FIDO Alliance's metadata about one authenticator, as far as the service uses it. */
export interface MetadataEntry {
  /** The AAGUID as a lower-case UUID; null if the authenticator has none, such as a U2F security key. */
  readonly aaguid: string | null;
  /** The identifiers of the keys that sign the authenticator's attestations, each with 40 hexadecimal digits. */
  readonly keyIdentifiers: readonly string[];
  /** The name of the authenticator, such as `YubiKey 5 Series`; null if the metadata has no name. */
  readonly name: string | null;
  /** The types of the authenticator's attestations in the words of the metadata, such as `basic_full`. */
  readonly attestationTypes: readonly string[];
  /** The certificates, in DER, to one of which the certificates of every attestation lead. */
  readonly roots: readonly Uint8Array[];
  readonly statusReports: readonly StatusReport[];
}

/** A metadata entry as the table stores it: under its AAGUID and under each of its key identifiers. */
interface MetadataItem extends MetadataEntry {
  /** The number of the BLOB from which the item was written. */
  readonly no: number;
}

/** Says which metadata the table contains. Only runs that update the metadata read and write this item. */
export interface MetadataIndex {
  /** Increases with each write of this item. */
  readonly version: number;
  /** The number of the last BLOB that was stored completely; 0 before the first. */
  readonly no: number;
  /** The date on which the next BLOB appears at the latest, such as `2026-12-01`; null before the first BLOB. */
  readonly nextUpdate: string | null;
  /** The number of the BLOB that a run began to store and has not finished; null if there is none. */
  readonly unfinished: number | null;
  /**
   * The fingerprint of each stored entry, by the ID under which the entry is stored. The fingerprint is empty if a run
   * began to write or delete the entry and has not finished. So the table contains no entry whose ID is missing here.
   */
  readonly fingerprints: Readonly<Record<string, string>>;
}

/** Reads the metadata that is stored under an AAGUID or a key identifier, with an eventually consistent read. */
export function readMetadata(table: Table, id: string): Promise<MetadataEntry | undefined> {
  return readItem<MetadataItem>(table, metadataKey(id), 'eventual');
}

/** Reads which metadata the table contains, with a strongly consistent read. Returns undefined before the first run. */
export function readMetadataIndex(table: Table): Promise<MetadataIndex | undefined> {
  return readItem<MetadataIndex>(table, metadataIndexKey, 'strong');
}

/**
 * Replaces the index of version `read` (undefined: no index). Returns false if another run replaced the index after
 * this run read it. The write is a transaction, so that a repeated call of the SDK finds its own write.
 */
export async function replaceMetadataIndex(
  table: Table,
  read: number | undefined,
  index: MetadataIndex,
): Promise<boolean> {
  const failures = await transact(table, {
    index: {
      Put: {
        Item: { ...metadataIndexKey, ...index },
        ...(read === undefined ? { ConditionExpression: absent } : hasVersion(read)),
      },
    },
  });
  return failures === undefined;
}

/** The new content of the item with the ID `id`. Undefined: the item is deleted. */
export interface MetadataChange {
  readonly id: string;
  readonly entry: MetadataEntry | undefined;
}

/**
 * Writes up to 99 metadata items of the BLOB number `no`, all or none. Returns false, and writes nothing, if the index
 * no longer has the version `version`.
 */
export async function writeMetadata(
  table: Table,
  { version, no }: { readonly version: number; readonly no: number },
  changes: readonly MetadataChange[],
): Promise<boolean> {
  const writes = changes.map(({ id, entry }): [string, Write<MetadataItem>] => [
    id,
    entry ? { Put: { Item: { ...metadataKey(id), ...entry, no } } } : { Delete: { Key: metadataKey(id) } },
  ]);
  const failures = await transact(table, {
    ...Object.fromEntries(writes),
    index: { ConditionCheck: { Key: metadataIndexKey, ...hasVersion(version) } },
  });
  return failures === undefined;
}

const hasVersion = (version: number) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': version },
});
