import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import {
  aggregateActiveUsers,
  type AggregatorServices,
  type StreamedRecord,
} from '../domain/metering/aggregate-active-users.ts';
import { onLambda, servicesFromEnvironment } from '../environment.ts';
import { openMetrics } from '../aws/metrics.ts';
import { activeUserIn } from '../table/metering/stream.ts';

/**
 * A batch of stream records, from an event source mapping with a tumbling window. Because of the tumbling window, the
 * event contains the shard ID, and Lambda requires `state` in the handler's result.
 */
export interface TumblingWindowEvent extends Partial<DynamoDBStreamEvent> {
  readonly shardId: string;
  readonly state?: Record<string, unknown>;
  readonly window?: { readonly start: string; readonly end: string };
  readonly isFinalInvokeForWindow?: boolean;
  readonly isWindowTerminatedEarly?: boolean;
}

/**
 * Creates the aggregator: the Lambda function that receives new active-user records from the table's stream and adds
 * the records to the MAU counters.
 */
export function build(services: AggregatorServices) {
  return async ({ shardId, state = {}, Records = [] }: TumblingWindowEvent) => {
    await aggregateActiveUsers(services, shardId, Records.map(parseRecord));
    return { state, batchItemFailures: [] };
  };
}

/**
 * Returns the sequence number and the active user of a stream record. Any attribute of the stream record may be
 * missing: a missing sequence number becomes `0`, and the active user is undefined when the stream record contains
 * none.
 */
function parseRecord({ dynamodb }: DynamoDBRecord): StreamedRecord {
  return { sequenceNumber: dynamodb?.SequenceNumber ?? '0', active: activeUserIn(dynamodb?.NewImage) };
}

export const handler = onLambda(() => build({ ...servicesFromEnvironment(), metrics: openMetrics() }));
