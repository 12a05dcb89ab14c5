import { randomUUID } from 'node:crypto';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import { streamMappings } from '../../../functions/events/stream-mappings.ts';
import { passesFilter } from '../../../local/aws/event-filter.ts';
import { localClientConfig } from '../../../local/open-table.ts';
import { engineEndpoint } from '../engine.ts';

/** Reads a table's stream, and returns the records that one Lambda function, the consumer, receives, oldest first. */
export async function streamRecords(
  streamArn: string,
  consumer: keyof typeof streamMappings,
): Promise<DynamoDBRecord[]> {
  const client = new DynamoDBStreamsClient(localClientConfig(await engineEndpoint()));
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: streamArn }));
  const records: DynamoDBRecord[] = [];
  for (const { ShardId } of StreamDescription?.Shards ?? []) {
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamArn: streamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
    // Stream records from the SDK differ from the stream records in a Lambda event only in the type of the creation
    // time. The embedded DynamoDB engine uses sequence numbers as event IDs, so this function replaces the event IDs
    // with UUIDs.
    records.push(
      ...((Records ?? []) as unknown as DynamoDBRecord[]).map((record) => ({ ...record, eventID: randomUUID() })),
    );
  }
  return records.filter((record) => streamMappings[consumer].filters.some((pattern) => passesFilter(pattern, record)));
}
