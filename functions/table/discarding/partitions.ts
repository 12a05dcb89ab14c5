import pMap from 'p-map';
import type { ItemCounts } from '../customers/customers.ts';
import type { Table } from '../engine/client.ts';
import { deleteItems } from '../engine/deletes.ts';
import { readKeys } from '../engine/reads.ts';
import {
  activePartitionsOf,
  customerPartition,
  kindOf,
  rpOfPartition as rpOf,
  rpPartition,
  type Key,
} from '../keys.ts';
import { addCounts, countKinds } from './item-counts.ts';

/**
 * Names a partition, also in messages of the discarding queue. Only this file makes one and looks into it. Counting and
 * discarding take everything in a partition, whatever its kind, so that a new kind of item needs no change here.
 */
export type PartitionHandle = string;

/** A partition that is not counted to its end: the count goes on behind `after`. */
export interface Uncounted {
  readonly partition: PartitionHandle;
  /** @default - from the beginning */
  readonly after?: string | undefined;
}

/** The outcome of deleting for as long as there was time. */
export interface Emptied {
  /** Whether nothing is left; otherwise the same call again deletes more. */
  readonly isEmpty: boolean;
  /** How many items this call deleted, by kind. */
  readonly discarded: ItemCounts;
}

/** Partitions read or emptied at once. */
const PARTITIONS_AT_ONCE = 16;
/** Keys that one call counts. */
const KEYS_A_COUNT = 5_000;
/** Keys that are read and then deleted together: 20 batches at once. */
const KEYS_A_DELETION = 500;

/** Returns the partition of everything that belongs to a customer and to none of its RPs' users. */
export const partitionOfCustomer = (customerId: string): PartitionHandle => customerPartition(customerId).pk;

/** Returns the partition of everything that is registered at an RP: its users, and what belongs to them. */
export const registeredPartition = (rpRef: string): PartitionHandle => rpPartition(rpRef).pk;

/** Returns all partitions of an RP: what is registered there, and its active users of some months. */
export const partitionsOfRp = (rpRef: string, months: readonly string[]): PartitionHandle[] => [
  registeredPartition(rpRef),
  ...months.flatMap((month) => activePartitionsOf(rpRef, month)).map(({ pk }) => pk),
];

/** Returns the ID of the RP that a partition belongs to; undefined for a partition of no RP. */
export const rpOfPartition = (partition: PartitionHandle): string | undefined => rpOf(partition);

/** Returns which of some partitions hold anything, by strong reads. */
export async function findFilled(table: Table, partitions: readonly PartitionHandle[]): Promise<PartitionHandle[]> {
  const looked = await pMap(
    partitions,
    async (partition) => ((await readKeys(table, { pk: partition }, 1)).items.length > 0 ? [partition] : []),
    { concurrency: PARTITIONS_AT_ONCE },
  );
  return looked.flat();
}

/**
 * Counts partitions by kind, with strong reads, while there is time: at least one page of each. Returns the partitions that
 * are not counted to their end in `uncounted`; counting these too and adding both counts gives the whole.
 */
export async function countPartitions(
  table: Table,
  partitions: readonly Uncounted[],
  hasTime: () => boolean,
): Promise<{ counts: ItemCounts; uncounted: Uncounted[] }> {
  const counted = await pMap(partitions, (partition) => countPartition(table, partition, hasTime), {
    concurrency: PARTITIONS_AT_ONCE,
  });
  return {
    counts: addCounts(...counted.map(({ counts }) => counts)),
    uncounted: counted.flatMap(({ uncounted }) => uncounted ?? []),
  };
}

async function countPartition(
  table: Table,
  { partition, after }: Uncounted,
  hasTime: () => boolean,
): Promise<{ counts: ItemCounts; uncounted?: Uncounted }> {
  let counts: ItemCounts = {};
  let behind = after;
  for (;;) {
    const { items, lastSk } = await readKeys(table, { pk: partition }, KEYS_A_COUNT, behind);
    counts = addCounts(counts, countKinds(items));
    if (lastSk === undefined) return { counts };
    if (!hasTime()) return { counts, uncounted: { partition, after: lastSk } };
    behind = lastSk;
  }
}

/** Empties partitions while there is time: at least one page of each. */
export async function emptyPartitions(
  table: Table,
  partitions: readonly PartitionHandle[],
  hasTime: () => boolean,
): Promise<Emptied> {
  const emptied = await pMap(partitions, (partition) => emptyPartition(table, partition, hasTime), {
    concurrency: PARTITIONS_AT_ONCE,
  });
  return {
    isEmpty: emptied.every(({ isEmpty }) => isEmpty),
    discarded: addCounts(...emptied.map(({ discarded }) => discarded)),
  };
}

/** Empties the partition of a customer, except the customer and its administrators: they lead to everything else. */
export function emptyPartitionOfCustomer(table: Table, customerId: string, hasTime: () => boolean): Promise<Emptied> {
  return emptyPartition(table, partitionOfCustomer(customerId), hasTime, (key) =>
    ['customer', 'administrator'].includes(kindOf(key)),
  );
}

/**
 * Empties a partition while there is time, except what is spared: at least one page, and until a read finds nothing else.
 * If the process dies, a part is deleted; the same call again deletes the rest.
 */
export async function emptyPartition(
  table: Table,
  partition: PartitionHandle,
  hasTime: () => boolean,
  isSpared: (key: Key) => boolean = () => false,
): Promise<Emptied> {
  let discarded: ItemCounts = {};
  let after: string | undefined;
  for (;;) {
    const { items, lastSk } = await readKeys(table, { pk: partition }, KEYS_A_DELETION, after);
    const doomed = items.filter((key) => !isSpared(key));
    await deleteItems(table, doomed);
    discarded = addCounts(discarded, countKinds(doomed));
    if (lastSk === undefined && doomed.length === 0) return { isEmpty: true, discarded };
    // A page of spared items only takes no time to delete: without going on, the next call would meet it again.
    if (doomed.length > 0 && !hasTime()) return { isEmpty: false, discarded };
    // At the end it begins again, until it sees nothing but spared items.
    after = lastSk;
  }
}
