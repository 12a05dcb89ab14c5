import type { WebhookDeliveryView, WebhookView } from '../../contract/webhooks.ts';
import { readLastDeliveries, type WebhookDelivery } from '../../table/webhooks/webhook-deliveries.ts';
import type { Webhook } from '../../table/webhooks/webhooks.ts';
import { NotFoundError } from '../errors.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';

/** The number of deliveries that a response contains. */
const DELIVERIES_SHOWN = 20;

/** Returns a webhook, with its last deliveries, in the form that API responses use. The secret is not part of it. */
export async function webhookView(
  { table, clock }: Pick<Services, 'table' | 'clock'>,
  webhook: Webhook,
): Promise<WebhookView> {
  const { url, createdAt, secretCreatedAt, previousSecret } = webhook;
  const isPreviousInUse = previousSecret !== undefined && clock.now() < previousSecret.until;
  return {
    ...{ url, createdAt: toIso(createdAt), secretCreatedAt: toIso(secretCreatedAt) },
    previousSecretEndsAt: isPreviousInUse ? toIso(previousSecret.until) : null,
    deliveries: (await readLastDeliveries(table, webhook, DELIVERIES_SHOWN)).map(deliveryView),
  };
}

/** Returns a delivery in the form that API responses use. */
export function deliveryView(delivery: WebhookDelivery): WebhookDeliveryView {
  const { deliveryId, type, createdAt, status, attempts, lastAttemptAt, nextAttemptAt } = delivery;
  return {
    ...{ id: deliveryId, type, createdAt: toIso(createdAt), status, attempts },
    lastAttemptAt: lastAttemptAt === undefined ? null : toIso(lastAttemptAt),
    nextAttemptAt: status === 'pending' ? toIso(nextAttemptAt) : null,
    responseStatus: delivery.responseStatus ?? null,
    failure: delivery.failure ?? null,
  };
}

export const noSuchWebhook = () => new NotFoundError('The customer has no webhook.');
