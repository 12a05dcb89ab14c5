import { Metrics } from '@aws-lambda-powertools/metrics';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import {
  aggregateActiveUsers,
  type AggregatorServices,
  type StreamedRecord,
} from '../domain/metering/aggregate-active-users.ts';
import { onLambda, servicesFromEnvironment } from '../environment.ts';
import { metricsOf } from '../aws/metrics.ts';
import { activeUserIn } from '../table/stream.ts';

/** A stream's batch under a tumbling window: only then does the event name its shard, and the answer must carry `state`. */
export interface TumblingWindowEvent extends Partial<DynamoDBStreamEvent> {
  readonly shardId: string;
  readonly state?: Record<string, unknown>;
  readonly window?: { readonly start: string; readonly end: string };
  readonly isFinalInvokeForWindow?: boolean;
  readonly isWindowTerminatedEarly?: boolean;
}

/** Makes the aggregator: new active-user records of the stream into the counters. */
export function build(services: AggregatorServices) {
  return async ({ shardId, state = {}, Records = [] }: TumblingWindowEvent) => {
    await aggregateActiveUsers(services, shardId, Records.map(parseRecord));
    return { state, batchItemFailures: [] };
  };
}

/** The last event of a window may come without any record; a record may lack anything. */
function parseRecord({ dynamodb }: DynamoDBRecord): StreamedRecord {
  return { sequenceNumber: dynamodb?.SequenceNumber ?? '0', active: activeUserIn(dynamodb?.NewImage) };
}

export const handler = onLambda(() => build({ ...servicesFromEnvironment(), metrics: metricsOf(new Metrics()) }));
