import { BatchWriteCommand, DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import pMap from 'p-map';
import { chunks, untilProcessed } from './batches.ts';
import { untilNoConflict } from './conflicts.ts';
import type { Key } from '../keys.ts';
import { isConditionFailed, type Table } from './client.ts';

/** The maximum number of writes in one call of `BatchWriteItem`. */
const WRITES_A_BATCH = 25;
/** The number of calls that run at the same time. */
const CALLS_AT_ONCE = 20;

/**
 * Deletes the items with the given keys, in up to 20 parallel calls of up to 25 keys. Ignores keys for which no item
 * exists. If the process dies during the call, some of the items may remain. Throws `UnavailableError` when DynamoDB
 * keeps throttling the writes.
 */
export async function deleteItems(table: Table, keys: readonly Key[]): Promise<void> {
  await pMap(
    chunks(keys, WRITES_A_BATCH),
    (batch) =>
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
    { concurrency: CALLS_AT_ONCE },
  );
}

/**
 * Deletes an item if a condition is true. Returns the item if the condition was false, and undefined otherwise. Retries
 * the delete while transactions on the same item conflict with it, and throws `ConflictError` if it still conflicts
 * after 2 seconds.
 */
export async function deleteOrReturn<Item>(
  table: Table,
  { pk, sk }: Key,
  ConditionExpression: string,
): Promise<Item | undefined> {
  const command = new DeleteCommand({
    TableName: table.name,
    Key: { pk, sk },
    ConditionExpression,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await untilNoConflict(table, () => table.client.send(command));
    return undefined;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return error.Item && (unmarshall(error.Item) as Item);
  }
}
