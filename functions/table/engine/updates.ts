import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { untilNoConflict } from './conflicts.ts';
import { isConditionFailed, type Table } from './client.ts';

/**
 * Updates an item if a condition is true. Returns the item as it is after the update, or as it was before if
 * `ReturnValues` is `ALL_OLD`. Returns undefined when the condition was false. Retries the update while transactions on
 * the same item conflict with the update, and throws `ConflictError` if the update still conflicts after 2 seconds. If
 * the process dies, the item is either updated or unchanged. When DynamoDB's response is lost, the SDK repeats the
 * update, and the condition may then be false. So this function may return undefined for an update that was done.
 */
export async function updateWhile<Item>(
  table: Table,
  update: Omit<UpdateCommandInput, 'TableName'> & { readonly ConditionExpression: string },
): Promise<Item | undefined> {
  const command = new UpdateCommand({ ReturnValues: 'ALL_NEW', ...update, TableName: table.name });
  try {
    const { Attributes } = await untilNoConflict(table, () => table.client.send(command));
    return Attributes as Item;
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}
