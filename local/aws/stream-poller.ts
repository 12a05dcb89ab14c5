import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  type DynamoDBStreamsClientConfig,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { StreamMapping } from '../../functions/events/stream-mappings.ts';
import { passesFilter } from './event-filter.ts';
import { asLambdaSendsIt, shardIterator } from './stream-records.ts';

/** The result that a stream handler returns for a batch, in the form that Lambda expects. */
interface StreamAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
  readonly state?: Record<string, unknown>;
}
/**
 * A batch in the form in which Lambda sends it to a handler. If the event source mapping has a tumbling window, Lambda
 * adds the shard's ID and the window's state to the batch.
 */
export interface StreamBatch extends DynamoDBStreamEvent {
  readonly shardId: string;
  readonly state: Record<string, unknown>;
  readonly window: { readonly start: string; readonly end: string };
  readonly isFinalInvokeForWindow: boolean;
  readonly isWindowTerminatedEarly: boolean;
}
type StreamHandler = (batch: StreamBatch) => Promise<StreamAnswer>;

/** Sends the records of the table's stream to a handler. */
export interface StreamPoller {
  /**
   * Resolves when the handler has handled the records of all writes that ended before this call. Throws after 20
   * failures of the handler.
   */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** The default time between two polls, in milliseconds. */
const POLL_INTERVAL = 250;
const DRAIN_TRIES = 20;

/**
 * Polls a stream from its beginning, in the same way as an event source mapping. Sends the records that pass the filter
 * to the handler, in order and in batches. Each batch waits until the handler has handled the previous batch. After a
 * failure, the next poll sends the failed record and all later records again. As with Lambda, a record can be delivered
 * again after a restart, so handlers must tolerate repeated records. `pollInterval` is the time between two polls in
 * milliseconds, by default 250.
 */
export function startPolling(
  mapping: StreamMapping,
  {
    streamArn,
    client: config,
    pollInterval = POLL_INTERVAL,
  }: { streamArn: string; client: DynamoDBStreamsClientConfig; pollInterval?: number | undefined },
  handler: StreamHandler,
): StreamPoller {
  const client = new DynamoDBStreamsClient(config);
  client.middlewareStack.remove('loggerMiddleware');
  /** For each shard, the sequence number of the last record that the handler handled. */
  const positions = new Map<string, string | undefined>();
  let shardIds: readonly string[] = [];
  /**
   * For each shard, the iterator with which the next poll reads. The map has no iterator for a shard before the first
   * poll, after a failure, and after the end of the shard.
   */
  const iterators = new Map<string, string>();
  let running: Promise<unknown> = Promise.resolve();
  const stopping = new AbortController();

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await inTurn(poll).catch(() => undefined); // the next poll sends the batch again
      await sleep(pollInterval, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();

  return {
    async drain() {
      for (let failures = 0; ;) {
        try {
          if ((await inTurn(poll)) === 0) return;
        } catch (error) {
          failures += 1;
          if (failures >= DRAIN_TRIES) throw error;
          await sleep(POLL_INTERVAL);
        }
      }
    },
    async stop() {
      stopping.abort();
      await loop;
      client.destroy();
    },
  };

  /** Waits until all earlier calls of `inTurn` have ended, and then runs `work`. So only one poll runs at a time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = running.then(work, work);
    running = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Reads the new records of the stream, and sends them to the handler. Returns the number of records read, including
   * records that the filter rejected.
   */
  async function poll(): Promise<number> {
    if (shardIds.length === 0 || !shardIds.every((shardId) => iterators.has(shardId))) {
      const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: streamArn }));
      shardIds = (StreamDescription?.Shards ?? []).flatMap(({ ShardId }) => ShardId ?? []);
    }
    let read = 0;
    for (const shardId of shardIds) read += await pollShard(shardId);
    return read;
  }

  async function pollShard(shardId: string): Promise<number> {
    const iterator =
      iterators.get(shardId) ?? (await shardIterator(client, streamArn, shardId, positions.get(shardId)));
    iterators.delete(shardId);
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    const records = Records.map((record) => asLambdaSendsIt(record, streamArn));
    const wanted = records.filter((record) => mapping.filters.some((pattern) => passesFilter(pattern, record)));
    for (let start = 0; start < wanted.length; start += mapping.batchSize) {
      await handle(shardId, wanted.slice(start, start + mapping.batchSize));
    }
    const last = records.at(-1)?.dynamodb?.SequenceNumber;
    if (last !== undefined) positions.set(shardId, last);
    if (NextShardIterator !== undefined) iterators.set(shardId, NextShardIterator);
    return records.length;
  }

  async function handle(shardId: string, batch: DynamoDBRecord[]): Promise<void> {
    const { batchItemFailures } = await handler({
      Records: batch,
      shardId,
      state: {},
      window: windowOf(batch, mapping.tumblingWindow ?? 0),
      isFinalInvokeForWindow: false,
      isWindowTerminatedEarly: false,
    });
    const failed = batch.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === batchItemFailures[0]?.itemIdentifier);
    const handled = batch[failed < 0 ? batch.length - 1 : failed - 1]?.dynamodb?.SequenceNumber;
    if (handled !== undefined) positions.set(shardId, handled);
    if (failed >= 0)
      throw new Error(`${mapping.handler} could not handle a record. The next poll sends the record again.`);
  }
}

/** Returns the tumbling window that contains the first record of a batch. The window is `seconds` long. */
function windowOf(batch: readonly DynamoDBRecord[], seconds: number): { start: string; end: string } {
  const time = batch[0]?.dynamodb?.ApproximateCreationDateTime ?? 0;
  const start = seconds === 0 ? time : time - (time % seconds);
  const iso = (at: number) => new Date(at * 1_000).toISOString().replace('.000Z', 'Z');
  return { start: iso(start), end: iso(start + seconds) };
}
