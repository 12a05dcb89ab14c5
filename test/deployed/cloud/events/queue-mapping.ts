import * as z from 'zod';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Queue, Received } from '../aws/queue.ts';
import type { Outcome } from '../functions/messages.ts';
import type { Mapping } from './mapping.ts';

/** Every property that a mapping of a queue has. A mapping with another one cannot be read. */
export const queueMappingProperties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.int().min(1).default(10),
  MaximumBatchingWindowInSeconds: z.literal(0).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.int().min(2) }).optional(),
});

/** How often `drain` delivers a message that fails again and again. */
const DRAIN_TRIES = 20;

/**
 * Creates an event source mapping that delivers the messages of a queue to a function: in batches, several at the same
 * time up to the mapping's limit. Deletes the messages that the function has handled. A failed message becomes visible
 * again, and after too many attempts moves to the dead-letter queue.
 */
export function createQueueMapping(
  properties: z.output<typeof queueMappingProperties>,
  queue: Queue,
  invoke: (event: SQSEvent) => Promise<Outcome>,
): Mapping {
  const { Enabled, BatchSize, FunctionResponseTypes, ScalingConfig, EventSourceArn } = properties;
  const { MaximumConcurrency = 1_000 } = ScalingConfig ?? {};
  const reportsFailures = FunctionResponseTypes.length > 0;
  const underWay = new Set<Promise<void>>();
  let isStopped = !Enabled;
  let delivered = 0;

  async function deliver(batch: readonly Received[]): Promise<void> {
    const outcome = await invoke({ Records: batch.map((message) => recordOf(message, EventSourceArn)) });
    const failed = new Set(failedIn(outcome, batch, reportsFailures));
    for (const { id } of batch) {
      if (failed.has(id)) queue.release(id);
      else queue.delete(id);
    }
    delivered += batch.length - failed.size;
  }
  function poll(isImpatient = false): void {
    while (!isStopped && underWay.size < MaximumConcurrency) {
      const batch = queue.receive(BatchSize, isImpatient);
      if (batch.length === 0) return;
      const delivery: Promise<void> = deliver(batch).finally(() => {
        underWay.delete(delivery);
        poll();
      });
      underWay.add(delivery);
    }
  }
  queue.onChange(poll);

  return {
    delivered: () => delivered,
    async drain() {
      if (!Enabled) return;
      const wanted = new Set(queue.ids());
      for (let tries = 0; tries < DRAIN_TRIES;) {
        poll(true);
        if (underWay.size > 0) await Promise.race(underWay);
        else if (queue.ids().some((id) => wanted.has(id))) {
          tries += 1;
          await new Promise((resolve) => setTimeout(resolve, 100));
        } else return;
      }
      throw new Error(`The messages of ${EventSourceArn} fail again and again.`);
    },
    async stop() {
      isStopped = true;
      await Promise.allSettled(underWay);
    },
  };
}

/** Returns the IDs of the messages of a batch that the function could not handle (AWS, "Partial batch responses"). */
function failedIn(outcome: Outcome, batch: readonly Received[], reportsFailures: boolean): string[] {
  const all = batch.map(({ id }) => id);
  if ('error' in outcome) return all;
  if (!reportsFailures) return [];
  const { batchItemFailures = [] } = (JSON.parse(outcome.payload) ?? {}) as Partial<SQSBatchResponse>;
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => all.includes(id)) ? failed : all;
}

const recordOf = ({ id, body, receives, sentAt }: Received, eventSourceARN: string): SQSEvent['Records'][number] => ({
  messageId: id,
  receiptHandle: id,
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: String(sentAt),
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: String(sentAt),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN,
  awsRegion: eventSourceARN.split(':')[3] ?? '',
});
