import type { SQSClient } from '@aws-sdk/client-sqs';
import { MINUTE, SECOND } from '../domain/time.ts';
import { chunks } from '../table/engine/batches.ts';

/** `SendMessageBatch` takes at most 10 messages. */
const MESSAGES_A_BATCH = 10;
/** The longest delay, in milliseconds, that SQS allows for a message. */
const LONGEST_DELAY = 15 * MINUTE;

/**
 * Creates the function that sends messages, as JSON, to the SQS queue at `queueUrl`. The queue delivers the messages
 * after `delay` milliseconds; a delay of more than 15 minutes counts as 15 minutes. The created function throws when
 * SQS does not accept a message; the caller must then send all messages again. The created function loads the SQS
 * client only when it is called, because most requests send no messages.
 */
export function openQueue(queueUrl: string): (messages: readonly unknown[], delay: number) => Promise<void> {
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
            DelaySeconds: Math.ceil(Math.min(delay, LONGEST_DELAY) / SECOND),
          })),
        }),
      );
      if (Failed.length > 0)
        throw new Error(`The queue ${queueUrl} refused ${Failed.length} messages: ${Failed[0]?.Message ?? ''}`);
    }
  };
}
