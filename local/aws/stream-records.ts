import { GetShardIteratorCommand, type _Record, type DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';

/**
 * Returns the iterator that begins after the record with the sequence number `position` of a shard, or at the beginning
 * of the shard if `position` is undefined. Returns undefined if the engine has no such iterator.
 */
export async function shardIterator(
  client: DynamoDBStreamsClient,
  streamArn: string,
  shardId: string,
  position: string | undefined,
): Promise<string | undefined> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ...(position === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position }),
    }),
  );
  return ShardIterator;
}

/** Returns a stream record in the form in which Lambda sends it. Lambda sends the creation time in seconds. */
export function asLambdaSendsIt({ dynamodb = {}, ...record }: _Record, eventSourceARN: string): DynamoDBRecord {
  const { ApproximateCreationDateTime: time, Keys, NewImage, OldImage } = dynamodb;
  const { SequenceNumber, SizeBytes, StreamViewType } = dynamodb;
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: record.eventSource,
    awsRegion: record.awsRegion,
    eventSourceARN,
    dynamodb: {
      ApproximateCreationDateTime: time && Math.floor(time.getTime() / 1_000),
      Keys: Keys as Record<string, AttributeValue>,
      NewImage: NewImage as Record<string, AttributeValue>,
      ...(OldImage && { OldImage: OldImage as Record<string, AttributeValue> }),
      SequenceNumber,
      SizeBytes,
      StreamViewType,
    },
  };
}
