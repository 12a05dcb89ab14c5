import type { DynamoDBRecord } from 'aws-lambda';
import type { TumblingWindowEvent } from '../../functions/events/aggregate-active-users.ts';
import { streamMappings } from '../../functions/events/stream-mappings.ts';
import { chunks } from '../../functions/table/engine/batches.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { startPolling } from '../../local/aws/stream-poller.ts';
import type { BenchTable } from '../setting/population.ts';

/**
 * A stream record that passed the filter of the aggregator's event source mapping, and the record's shard. The
 * aggregator is the Lambda function that counts new active users.
 */
export interface Streamed {
  readonly shardId: string;
  readonly record: DynamoDBRecord;
}

/** Returns all records about new active users that are now in a table's stream, except the first `taken` records. */
export async function readStream({ streamArn, endpoint }: BenchTable, taken = 0): Promise<Streamed[]> {
  const streamed: Streamed[] = [];
  const poller = startPolling(
    streamMappings.activeUsers,
    { streamArn, client: localClientConfig(endpoint) },
    ({ shardId, Records }) => {
      streamed.push(...Records.map((record) => ({ shardId, record })));
      return Promise.resolve({ batchItemFailures: [] });
    },
  );
  await poller.drain();
  await poller.stop();
  return streamed.slice(taken);
}

/**
 * Splits records into events of at most `size` records of one shard, as the event source mapping does when `size`
 * records arrive within its batching window of five seconds.
 */
export function eventsOf(streamed: readonly Streamed[], size: number): TumblingWindowEvent[] {
  const shards = Map.groupBy(streamed, ({ shardId }) => shardId);
  return [...shards].flatMap(([shardId, records]) =>
    chunks(records, size).map((batch) => ({ shardId, state: {}, Records: batch.map(({ record }) => record) })),
  );
}
