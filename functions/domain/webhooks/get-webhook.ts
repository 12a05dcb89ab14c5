import type { WebhookView } from '../../contract/webhooks.ts';
import { readWebhook } from '../../table/webhooks/webhooks.ts';
import type { AdministratorCaller } from '../callers.ts';
import { permissionsOf } from '../customers/permissions.ts';
import type { Services } from '../services.ts';
import { originOf } from './webhook-origin.ts';
import { webhookView } from './webhook-view.ts';

/**
 * Returns the webhook of the caller's customer with its last deliveries, and null if the customer has no webhook. Callers
 * who may not set the webhook get only the origin of its URL, because the path often contains a secret.
 */
export async function getWebhook(services: Services, caller: AdministratorCaller): Promise<WebhookView | null> {
  const webhook = await readWebhook(services.table, caller.customer.customerId, 'strong');
  if (!webhook) return null;
  const view = await webhookView(services, webhook);
  return permissionsOf(caller, services.clock.now()).editMauAlert ? view : { ...view, url: originOf(webhook) };
}
