import { randomUUID } from 'node:crypto';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import { streamMappings } from '../../functions/events/stream-mappings.ts';
import { passesFilter } from '../../local/aws/event-filter.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engine } from './engine.ts';

/** Reads what a table's stream has for a consumer so far, oldest first. */
export async function streamRecords(
  streamArn: string,
  consumer: keyof typeof streamMappings,
): Promise<DynamoDBRecord[]> {
  const client = new DynamoDBStreamsClient(localClientConfig(engine));
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: streamArn }));
  const records: DynamoDBRecord[] = [];
  for (const { ShardId } of StreamDescription?.Shards ?? []) {
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamArn: streamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
    // The SDK's records differ from Lambda's in the type of their creation time only, the engine's in that their event
    // IDs are their sequence numbers.
    records.push(
      ...((Records ?? []) as unknown as DynamoDBRecord[]).map((record) => ({ ...record, eventID: randomUUID() })),
    );
  }
  return records.filter((record) => passesFilter(streamMappings[consumer].filter, record));
}
