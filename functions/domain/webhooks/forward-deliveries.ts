import type { WebhookDeliveryId } from '../../table/webhooks/webhook-deliveries.ts';
import type { Log } from '../services.ts';

export interface ForwardDeliveriesServices {
  /** Sends messages to the queue from which `deliver-webhooks` delivers events. */
  readonly webhooks: (messages: readonly WebhookDeliveryId[], delay: number) => Promise<void>;
  readonly log: Log;
}

/**
 * Sends the IDs of new events for webhooks to their queue, and logs each of them. Throws an error when the queue does
 * not accept the IDs; the caller must then forward all of them again. An ID that the queue gets twice does no harm,
 * because only one process at a time begins an attempt.
 */
export async function forwardDeliveries(
  { webhooks, log }: ForwardDeliveriesServices,
  deliveries: readonly WebhookDeliveryId[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await webhooks(deliveries, 0);
  for (const delivery of deliveries) log.info('an event for a webhook was forwarded', { ...delivery });
}
