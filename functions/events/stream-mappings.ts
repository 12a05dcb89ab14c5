import type { EventFunctionName } from '../lambda-functions.ts';
import { streamFilters } from '../table/stream.ts';

/**
 * How the table's stream reaches one of its consumers. The CDK creates an event source mapping from these properties;
 * the local service calls the same handler in the same way. Times are in seconds.
 */
export interface StreamMapping {
  /** The file in this folder that handles the batches. */
  readonly handler: EventFunctionName;
  /** The filter pattern of Lambda. Lambda does not invoke the handler for records that do not match. */
  readonly filter: object;
  readonly batchSize: number;
  /** How long Lambda may wait to fill a batch. */
  readonly batchingWindow: number;
  /**
   * The length of the tumbling window. With a tumbling window, each event names its shard. @default - no tumbling
   * window
   */
  readonly tumblingWindow?: number;
  /** How many batches of one shard are handled at once. With more than 1, records arrive in no fixed order. */
  readonly parallelization: number;
  /** Whether Lambda splits a failed batch in two. */
  readonly bisects: boolean;
  /** The age up to which Lambda retries a record. */
  readonly maxRecordAge: number;
}

const DAY = 24 * 60 * 60;

export const streamMappings = {
  /**
   * Each shard is handled in order, one batch at a time, because it has one checkpoint. Batches are large, because a
   * write to a counter costs the same whatever number it adds. A counter may be 5 seconds out of date, so a batch may
   * wait 5 seconds.
   */
  activeUsers: {
    handler: 'aggregate-active-users',
    filter: streamFilters.activeUsers,
    batchSize: 1_000,
    batchingWindow: 5,
    tumblingWindow: 60,
    parallelization: 1,
    bisects: false,
    maxRecordAge: DAY,
  },
  /**
   * A person waits for the e-mail, so Lambda does not wait to fill a batch. Batches are so small that the handler sends
   * a whole batch before its time-out. During an outage of SES, records are retried. The handler drops an e-mail that
   * SES refuses permanently, so that it does not block the others.
   */
  mails: {
    handler: 'send-mail',
    filter: streamFilters.mails,
    batchSize: 5,
    batchingWindow: 0,
    parallelization: 10,
    bisects: true,
    maxRecordAge: 6 * 60 * 60,
  },
} as const satisfies Record<string, StreamMapping>;
