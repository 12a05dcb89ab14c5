import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { settingKey } from './keys.ts';
import { isConditionFailed, type Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';

/** Stores a setting unless the setting is already stored. Returns the stored value, which never changes. */
export async function storeOnce(table: Table, name: string, value: string): Promise<string> {
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...settingKey(name), value },
        ConditionExpression: absent,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return value;
  } catch (error) {
    if (isConditionFailed(error) && error.Item?.['value']?.S !== undefined) return error.Item['value'].S;
    throw error;
  }
}
