import type { WebhookView } from '../../contract/webhooks.ts';
import { readWebhook } from '../../table/webhooks/webhooks.ts';
import type { AdministratorCaller } from '../callers.ts';
import type { Services } from '../services.ts';
import { webhookView } from './webhook-view.ts';

/** Returns the webhook of the caller's customer with its last deliveries, and null if the customer has no webhook. */
export async function getWebhook(services: Services, { customer }: AdministratorCaller): Promise<WebhookView | null> {
  const webhook = await readWebhook(services.table, customer.customerId, 'strong');
  return webhook ? webhookView(services, webhook) : null;
}
