import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { chunks, untilProcessed } from './batches.ts';
import type { Key } from '../keys.ts';
import type { Table } from './client.ts';

/** The maximum number of writes in one call of `BatchWriteItem`. */
const WRITES_A_BATCH = 25;

/**
 * Deletes the items with the given keys, in parallel calls of up to 25 keys. Ignores keys for which no item exists. If
 * the process dies during the call, some of the items may remain. Throws `UnavailableError` when DynamoDB keeps
 * throttling the writes.
 */
export async function deleteItems(table: Table, keys: readonly Key[]): Promise<void> {
  await Promise.all(
    chunks(keys, WRITES_A_BATCH).map((batch) =>
      untilProcessed(
        table,
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
