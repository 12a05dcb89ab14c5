import { removeWebhookContract as contract } from '../../contract/webhooks.ts';
import { removeWebhook } from '../../domain/webhooks/remove-webhook.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('remove-webhook', contract, async ({ caller }, services) => {
  await removeWebhook(services, caller);
  return {};
});
