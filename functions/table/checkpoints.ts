import { checkpointKey } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';
import { readItem } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';

/** How far the aggregator has counted a shard: the last sequence number counted, padded with zeros to 40 digits. */
export interface Checkpoint {
  readonly sequenceNumber: string;
}

/** Reads a shard's checkpoint strongly. Returns undefined before the first batch of the shard. */
export function readCheckpoint(table: Table, shardId: string) {
  return readItem<Checkpoint>(table, checkpointKey(shardId), 'strong');
}

/** Moves a shard's checkpoint; fails when it is not the one that was read. */
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
