import { getWebhookContract as contract } from '../../contract/webhooks.ts';
import { getWebhook } from '../../domain/webhooks/get-webhook.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('get-webhook', contract, async ({ caller }, services) => ({
  body: { webhook: await getWebhook(services, caller) },
}));
