import { DescribeStreamCommand, DynamoDBStreamsClient, GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import pLimit from 'p-limit';
import * as z from 'zod';
import { asLambdaSendsIt, shardIterator } from '../../../../local/aws/stream-records.ts';
import { localClientConfig } from '../../../../local/open-table.ts';
import type { Outcome } from '../functions/messages.ts';
import { filterCriteria, readFilter } from './event-filter.ts';
import type { Mapping } from './mapping.ts';

/** Every property that a mapping of a stream has. A mapping with another one cannot be read. */
export const streamMappingProperties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.int().min(1).default(100),
  BisectBatchOnFunctionError: z.literal(false).optional(),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) }).optional(),
  FilterCriteria: filterCriteria.optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumBatchingWindowInSeconds: z.int().min(0).default(0),
  MaximumRecordAgeInSeconds: z.int().default(-1),
  MaximumRetryAttempts: z.int().default(-1),
  ParallelizationFactor: z.literal(1).optional(),
  StartingPosition: z.literal('TRIM_HORIZON'),
  TumblingWindowInSeconds: z.int().min(0).default(0),
});
type Properties = z.output<typeof streamMappingProperties>;

export interface StreamMapping extends Mapping {
  /** Tells the mapping that the table may have changed. */
  changed(): void;
}

/** How long after a change the mapping reads the stream, in milliseconds, so that one read finds many records. */
const PAUSE = 50;
/** How long the mapping waits before it delivers a failed batch again, in milliseconds. */
const PAUSE_AFTER_FAILURE = 250;
const DRAIN_TRIES = 20;

/** The open window of a shard: its start in seconds, and the state that the function returned last. */
interface Window {
  readonly start: number;
  state: unknown;
}

/**
 * Creates an event source mapping that delivers the records of a table's stream to a function (AWS, "Using Lambda with
 * DynamoDB" and "Tumbling windows"): each shard in order and from its beginning, without the records that the filter
 * rejects. A failed batch is delivered again from the first failed record on, until its records are too old or the
 * attempts are used up; then `onFailure` gets a message about it. The stream is that of `streamArn` at `endpoint`.
 */
export function createStreamMapping(
  properties: Properties,
  { endpoint, streamArn }: { readonly endpoint: string; readonly streamArn: string },
  invoke: (event: unknown) => Promise<Outcome>,
  onFailure: (queueArn: string, message: object) => void,
): StreamMapping {
  const client = new DynamoDBStreamsClient(localClientConfig(endpoint));
  client.middlewareStack.remove('loggerMiddleware');
  const passes = readFilter(properties.FilterCriteria);
  const {
    EventSourceArn,
    Enabled,
    BatchSize,
    FunctionResponseTypes,
    MaximumBatchingWindowInSeconds: batching,
  } = properties;
  const { MaximumRetryAttempts, MaximumRecordAgeInSeconds, TumblingWindowInSeconds: windowLength } = properties;
  /** For each shard, the sequence number of the last record that is done with. */
  const positions = new Map<string, string>();
  /** For each shard, the iterator with which the next poll reads. There is none after a failure. */
  const iterators = new Map<string, string>();
  const windows = new Map<string, Window>();
  const attempts = new Map<string, number>();
  const oneAtATime = pLimit(1);
  let timer: NodeJS.Timeout | undefined;
  let delivered = 0;
  let isStopped = !Enabled;

  function pollLater(pause: number): void {
    if (isStopped || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      oneAtATime(poll).catch(() => {
        pollLater(PAUSE_AFTER_FAILURE);
      });
    }, pause);
  }

  /** Delivers all new records. Throws if the function failed to handle some of them. */
  async function poll(): Promise<void> {
    if (isStopped) return;
    if (iterators.size === 0) await openShards();
    for (const shardId of [...iterators.keys()]) while ((await pollShard(shardId)) > 0);
  }

  /** Opens each shard after its last record that is done with. */
  async function openShards(): Promise<void> {
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: streamArn }));
    for (const { ShardId = '' } of StreamDescription?.Shards ?? []) {
      const iterator = await shardIterator(client, streamArn, ShardId, positions.get(ShardId));
      if (iterator !== undefined) iterators.set(ShardId, iterator);
    }
  }

  /** Delivers the new records of a shard. Returns how many there were. */
  async function pollShard(shardId: string): Promise<number> {
    const ShardIterator = iterators.get(shardId);
    if (ShardIterator === undefined) return 0;
    iterators.delete(shardId);
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
    const records = Records.map((record) => asLambdaSendsIt(record, EventSourceArn));
    const wanted = records.filter(passes);
    for (let start = 0; start < wanted.length; start += BatchSize) {
      await deliver(shardId, wanted.slice(start, start + BatchSize));
    }
    const last = records.at(-1);
    if (last) positions.set(shardId, numberOf(last));
    if (NextShardIterator !== undefined) iterators.set(shardId, NextShardIterator);
    return records.length;
  }

  async function deliver(shardId: string, batch: readonly DynamoDBRecord[]): Promise<void> {
    const window = windowLength === 0 ? undefined : await windowOf(shardId, batch);
    const outcome = await invoke({ Records: batch, ...(window && eventPartOf(shardId, window, false)) });
    const firstFailed = firstFailedOf(outcome, batch, FunctionResponseTypes.length > 0);
    if (window && !('error' in outcome)) window.state = stateIn(outcome.payload);
    const handled = firstFailed < 0 ? batch : batch.slice(0, firstFailed);
    delivered += handled.length;
    const [last] = handled.slice(-1);
    if (last) positions.set(shardId, numberOf(last));
    if (firstFailed < 0) return;
    const failed = batch.slice(firstFailed);
    const key = numberOf(failed[0]);
    attempts.set(key, (attempts.get(key) ?? 0) + 1);
    const age = Date.now() / 1_000 - (failed[0]?.dynamodb?.ApproximateCreationDateTime ?? 0);
    const isTooOld = MaximumRecordAgeInSeconds >= 0 && age > MaximumRecordAgeInSeconds;
    const isTriedOut = MaximumRetryAttempts >= 0 && (attempts.get(key) ?? 0) > MaximumRetryAttempts;
    if (!isTooOld && !isTriedOut) throw new Error(`${properties.FunctionName} failed: ${JSON.stringify(outcome)}`);
    const destination = properties.DestinationConfig?.OnFailure.Destination;
    if (destination !== undefined) onFailure(destination, failureOf(shardId, failed, EventSourceArn));
    positions.set(shardId, numberOf(failed.at(-1)));
  }

  /** Returns the window of a batch. Ends the window of the batch before, if this batch begins another one. */
  async function windowOf(shardId: string, [first]: readonly DynamoDBRecord[]): Promise<Window> {
    const time = first?.dynamodb?.ApproximateCreationDateTime ?? 0;
    const start = time - (time % windowLength);
    const open = windows.get(shardId);
    if (open?.start === start) return open;
    if (open) {
      const outcome = await invoke({ Records: [], ...eventPartOf(shardId, open, true) });
      if ('error' in outcome) throw new Error(`${properties.FunctionName} failed: ${JSON.stringify(outcome)}`);
    }
    const next = { start, state: {} };
    windows.set(shardId, next);
    return next;
  }
  function eventPartOf(shardId: string, { start, state }: Window, isFinal: boolean) {
    const iso = (seconds: number) => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
    return {
      shardId,
      eventSourceARN: EventSourceArn,
      window: { start: iso(start), end: iso(start + windowLength) },
      state,
      isFinalInvokeForWindow: isFinal,
      isWindowTerminatedEarly: false,
    };
  }
  function stateIn(payload: string): unknown {
    const { state } = (JSON.parse(payload) ?? {}) as { state?: unknown };
    // AWS, "Tumbling windows": a function that returns no state fails.
    if (typeof state !== 'object' || state === null)
      throw new Error(`${properties.FunctionName} returns no state: ${payload}`);
    return state;
  }

  return {
    delivered: () => delivered,
    changed: () => {
      pollLater(PAUSE + batching * 1_000);
    },
    async drain() {
      for (let tries = 1; ; tries += 1) {
        try {
          await oneAtATime(poll);
          return;
        } catch (error) {
          if (tries === DRAIN_TRIES) throw error;
          await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE));
        }
      }
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await oneAtATime(() => Promise.resolve());
      client.destroy();
    },
  };
}

const numberOf = (record: DynamoDBRecord | undefined) => record?.dynamodb?.SequenceNumber ?? '';

/** Returns the index of the first record of a batch that failed, or -1 (AWS, "Partial batch responses"). */
function firstFailedOf(outcome: Outcome, batch: readonly DynamoDBRecord[], reportsFailures: boolean): number {
  if ('error' in outcome) return 0;
  if (!reportsFailures) return -1;
  const { batchItemFailures = [] } = (JSON.parse(outcome.payload) ?? {}) as Partial<DynamoDBBatchResponse>;
  if (batchItemFailures.length === 0) return -1;
  const failed = batchItemFailures.map(({ itemIdentifier }) =>
    batch.findIndex((record) => numberOf(record) === itemIdentifier),
  );
  return Math.max(0, Math.min(...failed));
}

/** Returns the message about records that were not handled, which has their numbers but not the records. */
const failureOf = (shardId: string, failed: readonly DynamoDBRecord[], streamArn: string) => ({
  requestContext: { condition: 'RetryAttemptsExhausted' },
  DDBStreamBatchInfo: {
    shardId,
    startSequenceNumber: numberOf(failed[0]),
    endSequenceNumber: numberOf(failed.at(-1)),
    batchSize: failed.length,
    streamArn,
  },
});
