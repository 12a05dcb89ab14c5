import { fieldError } from '../../contract/errors/field-errors.ts';
import type { WebhookWithSecret } from '../../contract/webhooks.ts';
import { checkCaller } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { transact } from '../../table/engine/transaction.ts';
import { putWebhook, readWebhook, replaceWebhook, type Webhook } from '../../table/webhooks/webhooks.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { InvalidInputError } from '../errors.ts';
import { newId } from '../ids.ts';
import { customerNotActive, lostRights } from '../refusals.ts';
import { requireRecentSignInWithPasskey } from '../sessions/recent-sign-in.ts';
import { originOf } from './webhook-origin.ts';
import { newWebhookSecret, sealWebhookSecret, shownSecret } from './webhook-secret.ts';
import { newestStageSecret, type WebhookServices } from './webhook-services.ts';
import { webhookView } from './webhook-view.ts';

/**
 * Sets the URL of the customer's webhook, and returns the webhook. If the customer had no webhook, creates it, and
 * returns its secret too. No later response contains this secret. A new URL of an existing webhook keeps the secret,
 * and pending events go to the new URL.
 *
 * Throws `ReauthenticationRequiredError` when the caller has a passkey but did not sign in within the last 5 minutes,
 * and `RecoveryHoldError` during a recovery hold of the caller. Throws `InvalidInputError` for a URL with `http`,
 * except on one machine, and `UnauthenticatedError` when the caller has lost their rights or the customer is not
 * active.
 *
 * One transaction stores the webhook and its audit entry. If the process dies after the transaction, the webhook exists
 * but nobody knows its secret; the customer can rotate the secret. When two callers set the URL at the same time, the
 * second one replaces the URL of the first one.
 */
export async function setWebhook(
  services: WebhookServices,
  caller: AdministratorCaller,
  url: string,
): Promise<WebhookWithSecret> {
  const { table, clock } = services;
  const { customerId } = caller.customer;
  requireRecentSignInWithPasskey(caller, clock.now());
  if (url.startsWith('http:') && services.allowsLoopbackWebhooks !== true)
    throw new InvalidInputError([fieldError('#/url', 'not-a-webhook-url')]);
  for (;;) {
    const read = await readWebhook(table, customerId, 'strong');
    if (read?.url === url) return { webhook: await webhookView(services, read), secret: null };
    const { webhook, secret } = read ? { webhook: { ...read, url } } : await newWebhook(services, customerId, url);
    const change = newChange(services, caller, customerId, {
      kind: 'webhook-set',
      before: read ? { origin: originOf(read) } : null,
      after: { origin: originOf(webhook) },
    });
    const failures = await transact(table, {
      webhook: read ? replaceWebhook(read, webhook) : putWebhook(webhook),
      customer: checkCustomerActive(customerId),
      caller: checkCaller(caller.administrator),
      audit: change.write,
    });
    if (failures?.caller) throw lostRights();
    if (failures?.customer) throw customerNotActive();
    // Somebody else changed the webhook after it was read.
    if (failures) continue;
    change.log();
    return { webhook: await webhookView(services, webhook), secret: secret ? shownSecret(secret) : null };
  }
}

async function newWebhook(
  services: WebhookServices,
  customerId: string,
  url: string,
): Promise<{ webhook: Webhook; secret: Uint8Array }> {
  const now = services.clock.now();
  const owner = { customerId, webhookId: newId('whk') };
  const secret = newWebhookSecret();
  const sealedSecret = sealWebhookSecret(await newestStageSecret(services), owner, secret);
  return {
    webhook: { ...owner, url, generation: 1, sealedSecret, secretCreatedAt: now, createdAt: now },
    secret,
  };
}
