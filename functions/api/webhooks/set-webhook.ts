import { setWebhookContract as contract } from '../../contract/webhooks.ts';
import { setWebhook } from '../../domain/webhooks/set-webhook.ts';
import type { WebhookServices } from '../../domain/webhooks/webhook-services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'set-webhook', typeof contract, WebhookServices>(
  'set-webhook',
  contract,
  async ({ caller, body }, services) => ({ body: await setWebhook(services, caller, body.url) }),
);
