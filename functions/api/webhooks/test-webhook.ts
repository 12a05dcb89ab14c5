import { testWebhookContract as contract } from '../../contract/webhooks.ts';
import { testWebhook } from '../../domain/webhooks/test-webhook.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('test-webhook', contract, async ({ caller }, services) => ({
  body: await testWebhook(services, caller),
}));
