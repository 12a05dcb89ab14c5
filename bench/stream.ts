import type { DynamoDBRecord } from 'aws-lambda';
import type { TumblingWindowEvent } from '../functions/events/aggregate-active-users.ts';
import { streamMappings } from '../functions/events/stream-mappings.ts';
import { chunks } from '../functions/table/engine/batches.ts';
import { localClientConfig } from '../local/open-table.ts';
import { startPolling } from '../local/aws/stream-poller.ts';
import type { BenchTable } from './population.ts';

/** New active-user records as the mapping's filter lets them through, with the shard that they came from. */
export interface Streamed {
  readonly shardId: string;
  readonly record: DynamoDBRecord;
}

/** Gives all new active-user records of a table so far, behind the first `taken` ones. */
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

/** Cuts records into events of so many, as the mapping would if that many had come in its five seconds. */
export function eventsOf(streamed: readonly Streamed[], size: number): TumblingWindowEvent[] {
  const shards = Map.groupBy(streamed, ({ shardId }) => shardId);
  return [...shards].flatMap(([shardId, records]) =>
    chunks(records, size).map((batch) => ({ shardId, state: {}, Records: batch.map(({ record }) => record) })),
  );
}
