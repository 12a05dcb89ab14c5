import {
  readMetadataIndex,
  replaceMetadataIndex,
  writeMetadata,
  type MetadataChange,
  type MetadataEntry,
  type MetadataIndex,
} from '../../table/metadata.ts';
import type { Table } from '../../table/engine/client.ts';
import { fingerprintOf, type Metadata } from './read-blob.ts';

/** The outcome of storing a BLOB. */
export interface Stored {
  /**
   * `stored`: the table now contains the BLOB. `unchanged`: the table contained the BLOB already. `older`: the table
   * contains, or another run has begun to store, a BLOB with a higher number. `overtaken`: another run began to store
   * a BLOB while this run stored its own, so this run stopped.
   */
  readonly outcome: 'stored' | 'unchanged' | 'older' | 'overtaken';
  /** The number of the BLOB. */
  readonly no: number;
  /** How many items the run wrote and deleted. */
  readonly written: number;
  readonly deleted: number;
  /** How many entries the run left out, because they are too large for an item. */
  readonly tooLarge: number;
}

/** The index before the first BLOB. */
const NO_METADATA: Omit<MetadataIndex, 'version'> = { no: 0, nextUpdate: null, unfinished: null, fingerprints: {} };
/** The largest entry that the service stores, in bytes. DynamoDB accepts items of up to 400 KB. */
const MAX_ENTRY = 350_000;
/** The limits of a transaction: DynamoDB accepts 100 items and 4 MB, and should answer within 2 seconds. */
const ITEMS_A_TRANSACTION = 50;
const BYTES_A_TRANSACTION = 1_000_000;

/**
 * Stores the content of a BLOB: writes the entries that changed, deletes the entries that are gone, and then stores the
 * number of the BLOB. Refuses a BLOB that is older than the stored one.
 *
 * The index, one item, makes this safe. A run first replaces the index, and marks in it each entry that it is going to
 * write or delete. Every later write of the run requires that the index still is its own:
 *
 *     run A, BLOB 10                    run B, BLOB 11, which revokes an authenticator
 *     reads the index of BLOB 9
 *     replaces the index, version 5
 *                                       reads the index, version 5
 *                                       replaces the index, version 6
 *     writes entries: version is 6, so
 *       nothing is written: overtaken   writes the entries, writes the number 11, version 7
 *
 * If the process dies, the next run finds the marks and writes or deletes those entries again, whatever its BLOB says
 * about them. So no entry of a BLOB that was never finished stays behind.
 */
export async function storeMetadata(table: Table, metadata: Metadata): Promise<Stored> {
  const { no, nextUpdate } = metadata;
  const read = await readMetadataIndex(table);
  const index = read ?? NO_METADATA;
  const nothing = { no, written: 0, deleted: 0, tooLarge: 0 };
  if (no < Math.max(index.no, index.unfinished ?? 0)) return { ...nothing, outcome: 'older' };
  if (no === index.no && index.unfinished === null) return { ...nothing, outcome: 'unchanged' };

  const fitting = [...metadata.entries].filter(([, entry]) => bytesOf(entry) <= MAX_ENTRY);
  const wanted = new Map(fitting);
  const fingerprints = Object.fromEntries(fitting.map(([id, entry]) => [id, fingerprintOf(entry)]));
  const changed = fitting.filter(([id]) => index.fingerprints[id] !== fingerprints[id]).map(([id]) => id);
  const gone = Object.keys(index.fingerprints).filter((id) => !wanted.has(id));
  const done = {
    no,
    written: changed.length,
    deleted: gone.length,
    tooLarge: metadata.entries.size - fitting.length,
  };

  const version = (read?.version ?? 0) + 1;
  const marks = Object.fromEntries([...changed, ...gone].map((id) => [id, '']));
  const begun = { ...index, version, unfinished: no, fingerprints: { ...index.fingerprints, ...marks } };
  // If the process dies after this write, the table contains the entries of the earlier BLOB, and the next run
  // continues with the marked entries.
  if (!(await replaceMetadataIndex(table, read?.version, begun))) return { ...done, outcome: 'overtaken' };

  const changes = [...changed, ...gone].map((id): MetadataChange => ({ id, entry: wanted.get(id) }));
  for (const some of transactionsOf(changes)) {
    // If the process dies after this write, the table contains entries of both BLOBs, each of them complete.
    if (!(await writeMetadata(table, { version, no }, some))) return { ...done, outcome: 'overtaken' };
  }
  // If the process dies after this write, nothing is left to do.
  const finished = { version: version + 1, no, nextUpdate, unfinished: null, fingerprints };
  const isDone = await replaceMetadataIndex(table, version, finished);
  return { ...done, outcome: isDone ? 'stored' : 'overtaken' };
}

/** Returns the size of an entry in bytes, without the names of its attributes. */
const bytesOf = ({ roots, ...entry }: MetadataEntry): number =>
  roots.reduce((bytes, root) => bytes + root.length, Buffer.byteLength(JSON.stringify(entry)));

/** Divides changes into groups that fit into one transaction each. */
function transactionsOf(changes: readonly MetadataChange[]): MetadataChange[][] {
  const groups: MetadataChange[][] = [];
  let bytes = 0;
  for (const change of changes) {
    const size = change.entry ? bytesOf(change.entry) : 0;
    const group = groups.at(-1);
    if (group && group.length < ITEMS_A_TRANSACTION && bytes + size <= BYTES_A_TRANSACTION) {
      group.push(change);
      bytes += size;
    } else {
      groups.push([change]);
      bytes = size;
    }
  }
  return groups;
}
