import type { EventFunctionName } from '../lambda-functions.ts';
import { streamFilters } from '../table/stream.ts';

/**
 * The settings with which one consumer receives the records of the table's stream. The CDK creates an event source
 * mapping from these properties; the local service calls the same handler with the same settings. Times are in seconds.
 */
export interface StreamMapping {
  /** The file in this folder that handles the batches. */
  readonly handler: EventFunctionName;
  /** The filter pattern of Lambda. Lambda does not invoke the handler for records that do not match the pattern. */
  readonly filter: object;
  readonly batchSize: number;
  /** How long Lambda may wait for more records before it invokes the handler with a batch that is not full. */
  readonly batchingWindow: number;
  /**
   * The length of the tumbling window. An event names its shard only if the mapping has a tumbling window. @default -
   * no tumbling window
   */
  readonly tumblingWindow?: number;
  /**
   * How many batches of one shard Lambda handles at once. If this number is above 1, Lambda does not keep the order of
   * the records.
   */
  readonly parallelization: number;
  /** Whether Lambda splits a failed batch in two. */
  readonly bisects: boolean;
  /** The maximum age of a record that Lambda still retries. */
  readonly maxRecordAge: number;
}

const DAY = 24 * 60 * 60;

export const streamMappings = {
  /**
   * Each shard has one checkpoint, so the batches of a shard are handled in order, one at a time. Batches are large,
   * because adding 1,000 to a counter costs the same as adding 1. A counter may be 5 seconds out of date, so Lambda may
   * wait 5 seconds to fill a batch.
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
   * A person waits for each e-mail, so Lambda does not wait to fill a batch. Batches are so small that the handler
   * sends all e-mails of a batch before the handler's time-out. During an outage of SES, Lambda retries the records.
   * The handler drops an e-mail that SES refuses permanently, so that this e-mail does not block the e-mails after it.
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
