import type { WebhookDeliveryView } from '../../contract/webhooks.ts';
import { checkCaller } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { transact } from '../../table/engine/transaction.ts';
import { checkWebhook, countTest, readWebhook } from '../../table/webhooks/webhooks.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { TooManyRequestsError } from '../errors.ts';
import { customerNotActive, lostRights } from '../refusals.ts';
import type { Services } from '../services.ts';
import { SECOND, toTtl } from '../time.ts';
import { originOf } from './webhook-origin.ts';
import { putEvent, testEvent } from './webhook-events.ts';
import { deliveryView, noSuchWebhook } from './webhook-view.ts';

/**
 * The shortest time between two test events, in milliseconds. Without this limit, a customer could make the service
 * flood a server of somebody else.
 */
const TEST_EVERY = 10 * SECOND;

/**
 * Stores a test event for the customer's webhook, and returns its delivery, which is pending. The service attempts to
 * deliver it only once. Throws `NotFoundError` when the customer has no webhook, and `UnauthenticatedError` when the
 * caller has lost their rights or the customer is not active. Throws `TooManyRequestsError` when the last test event
 * was stored less than 10 seconds ago, even for a webhook that was removed since.
 *
 * One transaction stores the event, its time and the audit entry. If the process dies after the transaction, the event
 * is delivered, and the list of deliveries contains it.
 */
export async function testWebhook(services: Services, caller: AdministratorCaller): Promise<WebhookDeliveryView> {
  const { table, clock } = services;
  const { customerId } = caller.customer;
  const webhook = await readWebhook(table, customerId, 'strong');
  if (!webhook) throw noSuchWebhook();
  const now = clock.now();
  const delivery = testEvent(webhook, now);
  const change = newChange(services, caller, customerId, {
    kind: 'webhook-tested',
    before: null,
    after: { origin: originOf(webhook) },
  });
  const failures = await transact(table, {
    webhook: checkWebhook(webhook),
    limit: countTest(customerId, { now, since: now - TEST_EVERY, ttl: toTtl(now + TEST_EVERY) }),
    delivery: putEvent(delivery),
    customer: checkCustomerActive(customerId),
    caller: checkCaller(caller.administrator),
    audit: change.write,
  });
  if (failures?.caller) throw lostRights();
  if (failures?.customer) throw customerNotActive();
  if (failures?.webhook) throw noSuchWebhook();
  if (failures)
    throw new TooManyRequestsError(
      `You can send a test event every ${TEST_EVERY / SECOND} seconds.`,
      TEST_EVERY / SECOND,
    );
  change.log();
  return deliveryView(delivery);
}
