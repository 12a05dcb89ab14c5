import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { openMetrics } from '../aws/metrics.ts';
import { openQueue } from '../aws/queue.ts';
import { deliverWebhook, type DeliverWebhookServices } from '../domain/webhooks/deliver-webhook.ts';
import { onLambda, servicesFromEnvironment, setting, withStageSecrets } from '../environment.ts';
import { openPostWebhook } from '../network/post-webhook.ts';
import type { WebhookDeliveryId } from '../table/webhooks/webhook-deliveries.ts';

/**
 * Creates the handler for the messages of the queue of events for webhooks. An event that the receiver does not accept
 * is no failure of the message: the event is put back into the queue until its next attempt. When a call to AWS fails,
 * the handler reports the message as failed, and the queue delivers it again.
 *
 * Lambda's metric `Errors` does not count a message that the handler reports as failed. So the handler adds each
 * failure to the metric `FailedWebhooks`, which shows the operator that the service does not deliver events.
 */
export function build(services: DeliverWebhookServices) {
  return async ({ Records }: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
    const batchItemFailures = [];
    for (const record of Records) {
      const id = JSON.parse(record.body) as WebhookDeliveryId;
      try {
        await deliverWebhook(services, id);
      } catch (error) {
        services.log.error('an event for a webhook could not be handled and is tried again', { ...id, error });
        services.metrics.add('FailedWebhooks', 1);
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };
}

export const handler = onLambda(() => {
  const toQueue = openQueue(setting('WEBHOOKS_QUEUE_URL'));
  return build({
    ...withStageSecrets(servicesFromEnvironment()),
    metrics: openMetrics(),
    post: openPostWebhook(),
    postpone: (id, delay) => toQueue([id], delay),
  });
});
