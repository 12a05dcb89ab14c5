import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Discard } from '../domain/discarding.ts';
import { SECOND } from '../domain/time.ts';
import { chunks } from '../table/engine/batches.ts';

/** `SendMessageBatch` takes at most 10 messages. */
const MESSAGES_A_BATCH = 10;

/**
 * Creates the function that sends messages to the discarding queue, the SQS queue at `queueUrl`. Each message is a task
 * to discard data in the background. The created function throws when SQS does not accept a message; the caller must
 * then send all messages again. The created function loads the SQS client only when it is called, because most requests
 * send no messages.
 */
export function openDiscardingQueue(queueUrl: string): Discard {
  let client: SQSClient | undefined;
  return async (messages, delay) => {
    const { SendMessageBatchCommand, SQSClient } = await import('@aws-sdk/client-sqs');
    client ??= new SQSClient({
      requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
    });
    for (const batch of chunks(messages, MESSAGES_A_BATCH)) {
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: batch.map((message, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(message),
            DelaySeconds: Math.ceil(delay / SECOND),
          })),
        }),
      );
      if (Failed.length > 0)
        throw new Error(`The discarding queue refused ${Failed.length} messages: ${Failed[0]?.Message ?? ''}`);
    }
  };
}
