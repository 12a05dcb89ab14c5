import { DescribeStreamCommand, DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { tableDefinition } from '../../functions/table/definition.ts';
import { isConditionFailed } from '../../functions/table/engine/client.ts';
import { absent } from '../../functions/table/engine/conditions.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { localClientConfig, openLocalTable } from '../open-table.ts';

/**
 * Checks whether a DynamoDB engine does what the service and its tests rely on: conditions that return the old item,
 * the reasons of a cancelled transaction, the order of the stream, the GSI, and capacity units. Returns a sentence for
 * each difference. Creates tables in the engine, so call it with an engine that stores nothing.
 */
export async function checkEngine(endpoint: string): Promise<string[]> {
  const { table, streamArn } = await openLocalTable(endpoint, 'check');
  const { client, name: TableName } = table;
  const streams = new DynamoDBStreamsClient(localClientConfig(endpoint));
  const item = (pk: string, more: object = {}) => ({ pk, sk: pk, ...more });
  const put = (it: object, condition?: string) =>
    client.send(
      new PutCommand({
        TableName,
        Item: { ...it },
        ConditionExpression: condition,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
  const { finder } = tableDefinition;
  const checks: Record<string, () => Promise<boolean>> = {
    'A conditional put of a new item does not take 1 write unit.': async () => {
      const { ConsumedCapacity } = await put(item('a', { text: 'old' }), absent);
      return ConsumedCapacity?.CapacityUnits === 1;
    },
    'A put whose condition is false does not return the old item.': async () => {
      try {
        await put(item('a', { text: 'new' }), absent);
        return false;
      } catch (error) {
        return isConditionFailed(error) && error.Item?.['text']?.S === 'old';
      }
    },
    'A cancelled transaction does not name the failed write and its item, or writes something.': async () => {
      const failures = await transact(table, {
        new: { Put: { Item: item('b'), ConditionExpression: absent } },
        old: {
          Put: {
            Item: item('a', { text: 'new' }),
            ConditionExpression: absent,
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      });
      const { Items = [] } = await client.send(queryOf('b'));
      const old = failures?.old?.item as { readonly text?: unknown } | undefined;
      return failures?.new === undefined && old?.text === 'old' && Items.length === 0;
    },
    'The GSI does not find an item.': async () => {
      await put(item('c', { [finder.partitionKey]: 'finder', [finder.sortKey]: 'c' }));
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: finder.indexName,
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': finder.partitionKey },
          ExpressionAttributeValues: { ':pk': 'finder' },
        }),
      );
      return Items.length === 1;
    },
    'The stream does not contain the new items in their order.': async () => {
      const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
      const shard = { StreamArn: streamArn, ShardId: StreamDescription?.Shards?.[0]?.ShardId };
      const { ShardIterator } = await streams.send(
        new GetShardIteratorCommand({ ...shard, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
      const inserted = Records.filter(({ eventName }) => eventName === 'INSERT');
      return inserted.map(({ dynamodb }) => dynamodb?.NewImage?.['pk']?.S).join() === 'a,c';
    },
  };
  const queryOf = (pk: string) =>
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
    });
  const differences: string[] = [];
  try {
    for (const [difference, isRight] of Object.entries(checks)) if (!(await isRight())) differences.push(difference);
  } finally {
    client.destroy();
    streams.destroy();
  }
  return differences;
}
