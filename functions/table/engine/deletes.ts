import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { chunks, untilProcessed } from './batches.ts';
import type { Key, Partition } from '../keys.ts';
import { readKeys } from './reads.ts';
import type { Table } from './client.ts';

/** The most writes that `BatchWriteItem` takes. */
const WRITES_A_BATCH = 25;

/** Deletes the items of keys, whether or not they exist, 25 a call, all calls at once. If the process dies, some are deleted. */
export async function deleteItems(table: Table, keys: readonly Key[]): Promise<void> {
  await Promise.all(
    chunks(keys, WRITES_A_BATCH).map((batch) =>
      untilProcessed(
        batch.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })),
        async (left) => {
          const { UnprocessedItems } = await table.client.send(
            new BatchWriteCommand({ RequestItems: { [table.name]: left } }),
          );
          return (UnprocessedItems?.[table.name] ?? []) as typeof left;
        },
      ),
    ),
  );
}

/** Read and then deleted together: 20 batches under way at once. */
const KEYS_AT_ONCE = 500;

/**
 * Deletes what stands in a partition, but for what is spared, until nothing else is seen there, or `hasTime` says no.
 * Gives which it was. If the process dies, some is deleted; the same again deletes the rest.
 */
export async function emptyPartition(
  table: Table,
  partition: Partition,
  hasTime: () => boolean,
  isSpared: (key: Key) => boolean = () => false,
): Promise<'empty' | 'to-be-continued'> {
  let after: string | undefined;
  for (;;) {
    const { items, lastSk } = await readKeys(table, partition, KEYS_AT_ONCE, after);
    const doomed = items.filter((key) => !isSpared(key));
    await deleteItems(table, doomed);
    if (lastSk === undefined && doomed.length === 0) return 'empty';
    if (!hasTime()) return 'to-be-continued';
    // What is left of a page was spared. From the beginning again, until nothing is seen.
    after = lastSk;
  }
}
