import type { EventFunctionName } from '../lambda-functions.ts';
import { streamFilters } from '../table/stream.ts';

/**
 * How the table's stream reaches its two consumers. The CDK makes event source mappings of it, the local service drives
 * the same handlers by it. Times are in seconds.
 */
export interface StreamMapping {
  /** The file in this folder that handles the batches. */
  readonly handler: EventFunctionName;
  /** Lambda's filter pattern: what matches none never wakes the handler. */
  readonly filter: object;
  readonly batchSize: number;
  /** How long a batch may wait to fill. */
  readonly batchingWindow: number;
  /** Makes each event name its shard. @default - no tumbling window */
  readonly tumblingWindow?: number;
  /** How many batches of one shard are handled at once; more than 1 gives up the order of records. */
  readonly parallelization: number;
  /** Whether a batch that fails is cut in two. */
  readonly bisects: boolean;
  /** Until which age a record is tried. */
  readonly maxRecordAge: number;
}

const DAY = 24 * 60 * 60;

export const streamMappings = {
  /**
   * In order and one batch at a time for each shard, since the checkpoint is one for each shard; large batches, since a
   * counter costs the same however much is added. Five seconds are what a number may be behind by.
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
   * Somebody waits for the e-mail: no batching, and batches so small that all of one are sent in time. An outage of SES is
   * waited for; an e-mail that is refused for good is given up by the handler and holds nothing up.
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
