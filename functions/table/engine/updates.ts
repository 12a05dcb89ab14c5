import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { untilNoConflict } from './conflicts.ts';
import { isConditionFailed, type Table } from './client.ts';

type Update = Omit<UpdateCommandInput, 'TableName'> & { readonly ConditionExpression: string };

/**
 * The outcome of an update. `updated` is the item as it is after the update, or as it was before if `ReturnValues` is
 * `ALL_OLD`. If the condition was false, `failed` is set, and `failed.item` is the unchanged item, or undefined when
 * there is no item.
 */
export type UpdateOutcome<Item> =
  | { readonly updated: Item; readonly failed?: undefined }
  | { readonly updated?: undefined; readonly failed: { readonly item: Item | undefined } };

/**
 * Updates an item if a condition is true. Retries the update while transactions on the same item conflict with the
 * update, and throws `ConflictError` if the update still conflicts after 2 seconds. If the process dies, the item is
 * either updated or unchanged. When DynamoDB's response is lost, the SDK repeats the update, and the condition may then
 * be false. So the outcome may be `failed` for an update that was done; `failed.item` then contains the update.
 */
export async function updateOrFail<Item>(table: Table, update: Update): Promise<UpdateOutcome<Item>> {
  const command = new UpdateCommand({
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...update,
    TableName: table.name,
  });
  try {
    const { Attributes } = await untilNoConflict(table, () => table.client.send(command));
    return { updated: Attributes as Item };
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return { failed: { item: error.Item && (unmarshall(error.Item) as Item) } };
  }
}

/** Updates an item like `updateOrFail`. Returns the item, or undefined when the condition was false. */
export async function updateWhile<Item>(table: Table, update: Update): Promise<Item | undefined> {
  return (await updateOrFail<Item>(table, { ReturnValuesOnConditionCheckFailure: 'NONE', ...update })).updated;
}
