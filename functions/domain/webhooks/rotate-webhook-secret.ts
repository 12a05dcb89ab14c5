import type { WebhookWithSecret } from '../../contract/webhooks.ts';
import { checkCaller } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { transact } from '../../table/engine/transaction.ts';
import { readWebhook, replaceWebhook } from '../../table/webhooks/webhooks.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { customerNotActive, lostRights } from '../refusals.ts';
import { requireRecentSignInWithPasskey } from '../sessions/recent-sign-in.ts';
import { DAY } from '../time.ts';
import { originOf } from './webhook-origin.ts';
import { newWebhookSecret, sealWebhookSecret, shownSecret } from './webhook-secret.ts';
import { newestStageSecret, type WebhookServices } from './webhook-services.ts';
import { noSuchWebhook, webhookView } from './webhook-view.ts';

/** How long the replaced secret also signs every event, in milliseconds. */
const BOTH_SIGN_FOR = DAY;

/**
 * Replaces the secret of the customer's webhook, and returns the webhook and the new secret. No later response contains
 * this secret. For 24 hours, every event has a signature with the new secret and one with the replaced secret, so that
 * the receiver can change the secret at any time. A second rotation within the 24 hours ends the first secret.
 *
 * Throws `NotFoundError` when the customer has no webhook, and otherwise the errors of `setWebhook`. If the process
 * dies after the transaction, nobody knows the new secret, and the replaced one still signs for 24 hours. Another
 * rotation gives the customer a secret, and ends the replaced one at once.
 */
export async function rotateWebhookSecret(
  services: WebhookServices,
  caller: AdministratorCaller,
): Promise<WebhookWithSecret> {
  const { table, clock } = services;
  const { customerId } = caller.customer;
  const now = clock.now();
  requireRecentSignInWithPasskey(caller, now);
  const stageSecret = await newestStageSecret(services);
  for (;;) {
    const read = await readWebhook(table, customerId, 'strong');
    if (!read) throw noSuchWebhook();
    const secret = newWebhookSecret();
    const webhook = {
      ...read,
      sealedSecret: sealWebhookSecret(stageSecret, read, secret),
      secretCreatedAt: now,
      previousSecret: { sealed: read.sealedSecret, until: now + BOTH_SIGN_FOR },
    };
    const change = newChange(services, caller, customerId, {
      kind: 'webhook-secret-rotated',
      before: null,
      after: { origin: originOf(read) },
    });
    const failures = await transact(table, {
      webhook: replaceWebhook(read, webhook),
      customer: checkCustomerActive(customerId),
      caller: checkCaller(caller.administrator),
      audit: change.write,
    });
    if (failures?.caller) throw lostRights();
    if (failures?.customer) throw customerNotActive();
    // Somebody else changed the webhook after it was read.
    if (failures) continue;
    change.log();
    return { webhook: await webhookView(services, webhook), secret: shownSecret(secret) };
  }
}
