import { checkpointKey } from './keys.ts';
import { readItem } from './engine/reads.ts';
import type { Table } from './engine/client.ts';
import type { Write } from './engine/transaction.ts';

/** How far the aggregator has come on a shard: the last sequence number counted, padded with zeros to 40 digits. */
export interface Checkpoint {
  readonly sequenceNumber: string;
}

/** Reads a shard's checkpoint strongly. Undefined at its beginning. */
export function readCheckpoint(table: Table, shardId: string) {
  return readItem<Checkpoint>(table, checkpointKey(shardId), 'strong');
}

/** Moves a shard's checkpoint, if it still is what was read. */
export function moveCheckpoint(
  shardId: string,
  read: Checkpoint | undefined,
  sequenceNumber: string,
  ttl: number,
): Write {
  return {
    Put: {
      Item: { ...checkpointKey(shardId), sequenceNumber, ttl },
      ...(read
        ? {
            ConditionExpression: 'sequenceNumber = :read',
            ExpressionAttributeValues: { ':read': read.sequenceNumber },
          }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  };
}
