import { onLambda, servicesFromEnvironment, withEdge, withStageSecrets } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { withRequestedFrom } from '../../http/requested-from.ts';
import { webhooksRoutes } from '../routes.ts';
import { build as getWebhook } from '../webhooks/get-webhook.ts';
import { build as removeWebhook } from '../webhooks/remove-webhook.ts';
import { build as rotateWebhookSecret } from '../webhooks/rotate-webhook-secret.ts';
import { build as setWebhook } from '../webhooks/set-webhook.ts';
import { build as testWebhook } from '../webhooks/test-webhook.ts';

/**
 * Serves the routes with which administrators manage their customer's webhook. Its Lambda function, unlike `console`,
 * may read the stage's secret, which seals the secrets of webhooks.
 */
const served = dispatch(webhooksRoutes, {
  'get-webhook': getWebhook,
  'set-webhook': setWebhook,
  'rotate-webhook-secret': rotateWebhookSecret,
  'test-webhook': testWebhook,
  'remove-webhook': removeWebhook,
});
export const build = (services: Parameters<typeof served>[0]): ReturnType<typeof served> =>
  served(withRequestedFrom(services));
export const handler = onLambda(() => build(withStageSecrets(withEdge(servicesFromEnvironment()))));
