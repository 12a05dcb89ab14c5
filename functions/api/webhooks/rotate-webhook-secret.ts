import { rotateWebhookSecretContract as contract } from '../../contract/webhooks.ts';
import { rotateWebhookSecret } from '../../domain/webhooks/rotate-webhook-secret.ts';
import type { WebhookServices } from '../../domain/webhooks/webhook-services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'rotate-webhook-secret', typeof contract, WebhookServices>(
  'rotate-webhook-secret',
  contract,
  async ({ caller }, services) => ({ body: await rotateWebhookSecret(services, caller) }),
);
