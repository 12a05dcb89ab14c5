import pMap from 'p-map';
import type { ItemCounts } from '../customers/customers.ts';
import type { Table } from '../engine/client.ts';
import { deleteItems } from '../engine/deletes.ts';
import { readKeys } from '../engine/reads.ts';
import {
  activePartitionsOf,
  customerPartition,
  kindOf,
  refusalsPartition,
  rpOfPartition as rpOf,
  rpPartition,
  signedCallsPartition,
  tokenKeysPartition,
  type Key,
} from '../keys.ts';
import { addCounts, countKinds } from './item-counts.ts';
import { countBehind, discardRegistered, REGISTERED_ATTRIBUTES, type RegisteredItem } from './registered-items.ts';

/**
 * The name of a partition of the table. Messages in the discarding queue, which cause the deletion of data, name the
 * partitions to empty. Only this file builds and parses these names, with functions of `keys.ts`. The functions in this
 * file count and delete every kind of item in a partition, so a new kind of item needs no change in this file. Items of
 * an RP's own partition lead to items in further partitions; `registered-items.ts` counts and deletes these.
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
 * The same numbers for an RP's own partition. Each user may lead to 61 items in other partitions, and the count of a
 * page, or its deletion, must end before a Lambda function that has just checked its time runs out of time.
 */
const REGISTERED_A_COUNT = 1_000;
const REGISTERED_A_DELETION = 100;

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
 * Returns the partitions of an RP that the service empties when the RP is removed: the partition of everything that is
 * registered at the RP, that of the keys that sign its tokens, that of the signed messages that the RP has used, and
 * that of its refused ceremonies. The active-user records stay, because the customer is billed for them.
 */
export const partitionsOfRemovedRp = (rpRef: string): PartitionHandle[] => [
  registeredPartition(rpRef),
  tokenKeysPartition(rpRef).pk,
  signedCallsPartition(rpRef).pk,
  refusalsPartition(rpRef).pk,
];

/**
 * Returns the partitions of an RP: those that `partitionsOfRemovedRp` returns, and the partitions of its active users
 * in the given months.
 */
export const partitionsOfRp = (rpRef: string, months: readonly string[]): PartitionHandle[] => [
  ...partitionsOfRemovedRp(rpRef),
  ...months.flatMap((month) => activePartitionsOf(rpRef, month)).map(({ pk }) => pk),
];

/** Returns whether a partition is the own partition of an RP, whose items lead to further items. */
const isRegistered = (partition: PartitionHandle): boolean => {
  const rpRef = rpOf(partition);
  return rpRef !== undefined && partition === registeredPartition(rpRef);
};

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
  const limit = isRegistered(partition) ? REGISTERED_A_COUNT : KEYS_A_COUNT;
  let counts: ItemCounts = {};
  let behind = after;
  for (;;) {
    const { items, lastSk } = await readPage(table, partition, limit, behind);
    counts = addCounts(counts, countKinds(items), isRegistered(partition) ? await countBehind(table, items) : {});
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
 * Deletes the items of a partition, except those for which `isSpared` returns true, and everything to which the items
 * of an RP's own partition lead. Reads the partition from the beginning to the end, again and again, until it finds no
 * item to delete. Deletes at least one page of items, and stops when time runs out. If the process dies, some items are
 * deleted, and another call deletes the rest.
 *
 * A request that is still in progress may put an item before the position of the read. Its transaction has the
 * condition that the user exists or has a handle item. So when one read of the whole partition finds nothing, no later
 * write can put an item into an RP's own partition.
 */
export async function emptyPartition(
  table: Table,
  partition: PartitionHandle,
  hasTime: () => boolean,
  isSpared: (key: Key) => boolean = () => false,
): Promise<Emptied> {
  const limit = isRegistered(partition) ? REGISTERED_A_DELETION : KEYS_A_DELETION;
  let discarded: ItemCounts = {};
  let after: string | undefined;
  let hasFound = false;
  for (;;) {
    const { items, lastSk } = await readPage(table, partition, limit, after);
    const doomed = items.filter((key) => !isSpared(key));
    discarded = addCounts(discarded, await discardPage(table, partition, doomed));
    hasFound ||= doomed.length > 0;
    if (lastSk === undefined) {
      if (!hasFound) return { isEmpty: true, discarded };
      hasFound = false;
    }
    // When time runs out, the loop stops only after a page from which it has deleted items. If the loop could stop
    // after a page of spared items, every call could stop after the same page and delete nothing.
    if (doomed.length > 0 && !hasTime()) return { isEmpty: false, discarded };
    // At the end of the partition, `lastSk` is undefined, so the loop starts again from the beginning.
    after = lastSk;
  }
}

const readPage = (table: Table, partition: PartitionHandle, limit: number, after: string | undefined) =>
  readKeys<RegisteredItem>(
    table,
    { pk: partition },
    limit,
    after,
    isRegistered(partition) ? REGISTERED_ATTRIBUTES : [],
  );

async function discardPage(table: Table, partition: PartitionHandle, items: readonly RegisteredItem[]) {
  if (isRegistered(partition)) return discardRegistered(table, items);
  await deleteItems(table, items);
  return countKinds(items);
}
