import type { EventFunctionName } from '../lambda-functions.ts';
import { streamFilters } from '../table/metering/stream.ts';

/**
 * The settings with which one Lambda function receives records of the table's stream. The CDK creates an event source
 * mapping from these settings, and the local service follows these settings when it calls the handler. Times are in
 * seconds.
 */
export interface StreamMapping {
  /** The name, without extension, of the file in this folder that contains the handler of the batches. */
  readonly handler: EventFunctionName;
  /**
   * The filter patterns of the event source mapping. Lambda does not invoke the handler for stream records that match
   * none of the patterns.
   */
  readonly filters: readonly object[];
  readonly batchSize: number;
  /** How long Lambda may wait for more records before it invokes the handler with a batch that is not full. */
  readonly batchingWindow: number;
  /**
   * The length of the tumbling window. An event contains the shard ID only if the event source mapping has a tumbling
   * window. @default - no tumbling window
   */
  readonly tumblingWindow?: number;
  /**
   * How many batches of one shard Lambda may process at the same time. If this number is above 1, Lambda keeps the
   * order only of stream records for the same item.
   */
  readonly parallelization: number;
  /** Whether Lambda splits a failed batch in two. */
  readonly bisects: boolean;
  /** The age at which Lambda stops delivering a failed stream record again. */
  readonly maxRecordAge: number;
}

const DAY = 24 * 60 * 60;

export const streamMappings = {
  /**
   * The aggregator, which updates the MAU counters, stores one checkpoint per shard: the sequence number of the last
   * stream record that it has counted. So the aggregator needs the shard ID, and Lambda must process the batches of a
   * shard in order, one at a time. Batches are large, because adding 1,000 to an MAU counter costs the same as adding 1
   * to the MAU counter. An MAU counter may be 5 seconds out of date, so Lambda may wait 5 seconds to fill a batch.
   */
  activeUsers: {
    handler: 'aggregate-active-users',
    filters: streamFilters.activeUsers,
    batchSize: 1_000,
    batchingWindow: 5,
    tumblingWindow: 60,
    parallelization: 1,
    bisects: false,
    maxRecordAge: DAY,
  },
  /**
   * A person may be waiting for each e-mail, so Lambda does not wait to fill a batch. The function only forwards the
   * IDs of the e-mails to queues, which takes milliseconds. While a queue does not accept IDs, Lambda delivers the
   * stream records again. The function also forwards the events for webhooks, because DynamoDB recommends at most two
   * readers for a shard of a stream, and the aggregator is the other one.
   */
  mails: {
    handler: 'forward-mails',
    filters: streamFilters.outbox,
    batchSize: 100,
    batchingWindow: 0,
    parallelization: 1,
    bisects: false,
    maxRecordAge: 6 * 60 * 60,
  },
} as const satisfies Record<string, StreamMapping>;
