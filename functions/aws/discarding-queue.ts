import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { RpToDiscard } from '../domain/remove-rp.ts';

/** Longer than the request that sends a message can last: by then, what the message announces has happened or never will. */
export const DISCARDING_DELAY_SECONDS = 30;

/** Gives what hands work to the discarding queue at that URL, delivered after a delay. */
export function openDiscardingQueue(queueUrl: string): (rp: RpToDiscard) => Promise<void> {
  const client = new SQSClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } });
  return async (rp) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(rp),
        DelaySeconds: DISCARDING_DELAY_SECONDS,
      }),
    );
  };
}
