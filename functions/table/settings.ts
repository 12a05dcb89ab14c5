import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { settingKey } from './keys.ts';
import { isConditionFailed, type Table } from './engine/client.ts';

/** Stores a setting unless it is stored already. Gives the value that stands: the first one for ever. */
export async function storeOnce(table: Table, name: string, value: string): Promise<string> {
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...settingKey(name), value },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return value;
  } catch (error) {
    if (isConditionFailed(error) && error.Item?.['value']?.S !== undefined) return error.Item['value'].S;
    throw error;
  }
}
