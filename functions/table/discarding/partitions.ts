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
 * The name of a partition of the table. Messages in the discarding queue, which cause the deletion of data, name the
 * partitions to empty. Only this file builds and parses these names, with functions of `keys.ts`. The functions in this
 * file count and delete every kind of item in a partition, so a new kind of item needs no change in this file.
 */
export type PartitionHandle = string;

/** A partition whose items are not all counted yet. The count continues after the sort key `after`. */
export interface Uncounted {
  readonly partition: PartitionHandle;
  /** @default - from the beginning */
  readonly after?: string | undefined;
}

/** The outcome of a call that deletes items until time runs out. */
export interface Emptied {
  /** True when no item is left to delete. If an item is left, the caller must repeat the call. */
  readonly isEmpty: boolean;
  /** How many items this call deleted, by kind. */
  readonly discarded: ItemCounts;
}

/** The number of partitions that are read or emptied at the same time. */
const PARTITIONS_AT_ONCE = 16;
/** The maximum number of keys that one query returns when a function counts keys. */
const KEYS_A_COUNT = 5_000;
/**
 * The maximum number of keys that one query returns when a function deletes items. `deleteItems` then deletes the items
 * of these keys with 20 parallel calls.
 */
const KEYS_A_DELETION = 500;

/**
 * Returns the customer's own partition, which contains the customer item and items such as the customer's
 * administrators and RPs.
 */
export const partitionOfCustomer = (customerId: string): PartitionHandle => customerPartition(customerId).pk;

/**
 * Returns the partition of everything that is registered at an RP: the users and the items that belong to the users.
 */
export const registeredPartition = (rpRef: string): PartitionHandle => rpPartition(rpRef).pk;

/**
 * Returns the partitions of an RP: the partition of its users, and the partitions of its active users in the given
 * months.
 */
export const partitionsOfRp = (rpRef: string, months: readonly string[]): PartitionHandle[] => [
  registeredPartition(rpRef),
  ...months.flatMap((month) => activePartitionsOf(rpRef, month)).map(({ pk }) => pk),
];

/** Returns the ID of the RP that a partition belongs to, or undefined when the partition belongs to no RP. */
export const rpOfPartition = (partition: PartitionHandle): string | undefined => rpOf(partition);

/** Returns the given partitions that contain at least one item. The reads are strongly consistent. */
export async function findFilled(table: Table, partitions: readonly PartitionHandle[]): Promise<PartitionHandle[]> {
  const looked = await pMap(
    partitions,
    async (partition) => ((await readKeys(table, { pk: partition }, 1)).items.length > 0 ? [partition] : []),
    { concurrency: PARTITIONS_AT_ONCE },
  );
  return looked.flat();
}

/**
 * Counts the items of partitions by kind, with strongly consistent reads. Reads the partitions page by page until time
 * runs out, but reads at least one page of each partition. The field `uncounted` of the result lists the partitions
 * whose items are not all counted. The caller must count the rest of these partitions in another call and add up the
 * counts.
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

/** Deletes the items of partitions until time runs out. Deletes at least one page of items in each partition. */
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

/**
 * Deletes the items in a customer's own partition until time runs out. Keeps the customer item and the administrator
 * items, because the service finds all other items of the customer through these items.
 */
export function emptyPartitionOfCustomer(table: Table, customerId: string, hasTime: () => boolean): Promise<Emptied> {
  return emptyPartition(table, partitionOfCustomer(customerId), hasTime, (key) =>
    ['customer', 'administrator'].includes(kindOf(key)),
  );
}

/**
 * Deletes the items of a partition, except those for which `isSpared` returns true. Deletes at least one page of items,
 * and stops when time runs out or when the last page of the partition contains no item to delete. If the process dies,
 * some items are deleted, and another call deletes the rest.
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
    // When time runs out, the loop stops only after a page from which it has deleted items. If the loop could stop
    // after a page of spared items, every call could stop after the same page and delete nothing.
    if (doomed.length > 0 && !hasTime()) return { isEmpty: false, discarded };
    // At the end of the partition, `lastSk` is undefined, so the loop starts again from the beginning.
    after = lastSk;
  }
}
