import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { untilNoConflict } from './conflicts.ts';
import { isConditionFailed, type Table } from './client.ts';

/**
 * Updates an item while its condition holds; waits while transactions are at work on it. Gives the item as it is then, or
 * as it was with `ALL_OLD`; undefined when the condition was false. If the process dies, it is done or not; one whose
 * answer is lost is tried again: that must be no harm, nor that the condition may be false then.
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
