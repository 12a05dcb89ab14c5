import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { untilNoConflict } from './conflicts.ts';
import { isConditionFailed, type Table } from './client.ts';

/**
 * Updates an item on a condition, and returns the item after the update (with `ALL_OLD`, before it); undefined when the
 * condition was false. Waits for transactions on the item as `untilNoConflict` does. If the process dies, the update is
 * either done or not done. The SDK repeats an update whose answer was lost, and the repeated update may find its
 * condition false. So this function may return undefined for an update that was done, and callers must tolerate this.
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
