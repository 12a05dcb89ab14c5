import { checkpointKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent } from '../engine/conditions.ts';
import { readItem } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/**
 * How far the aggregator, the Lambda function that updates the MAU counters, has read a shard of the table's stream:
 * the sequence number of the last stream record that the aggregator has counted, padded with zeros to 40 digits.
 */
export interface Checkpoint {
  readonly sequenceNumber: string;
}

/**
 * Reads a shard's checkpoint with a strongly consistent read. Returns undefined until the aggregator has counted the
 * first batch of stream records of the shard.
 */
export function readCheckpoint(table: Table, shardId: string) {
  return readItem<Checkpoint>(table, checkpointKey(shardId), 'strong');
}

/** Sets a shard's checkpoint; fails when another run of the aggregator changed it after this run read it. */
export function moveCheckpoint(
  shardId: string,
  read: Checkpoint | undefined,
  sequenceNumber: string,
  ttl: number,
): Write<Checkpoint> {
  return {
    Put: {
      Item: { ...checkpointKey(shardId), sequenceNumber, ttl },
      ...(read
        ? {
            ConditionExpression: 'sequenceNumber = :read',
            ExpressionAttributeValues: { ':read': read.sequenceNumber },
          }
        : { ConditionExpression: absent }),
    },
  };
}
