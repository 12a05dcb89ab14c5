import { checkCaller } from '../../table/administrators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { deleteWebhook, readWebhook } from '../../table/webhooks/webhooks.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { lostRights } from '../refusals.ts';
import type { Services } from '../services.ts';
import { originOf } from './webhook-origin.ts';
import { noSuchWebhook } from './webhook-view.ts';

/**
 * Removes the customer's webhook. Pending events are dropped at their next attempt. Throws `NotFoundError` when the
 * customer has no webhook, and `UnauthenticatedError` when the caller has lost their rights. One transaction deletes
 * the webhook and stores its audit entry. If the process dies, either both or neither is done.
 */
export async function removeWebhook(services: Services, caller: AdministratorCaller): Promise<void> {
  const { table } = services;
  const { customerId } = caller.customer;
  const webhook = await readWebhook(table, customerId, 'strong');
  if (!webhook) throw noSuchWebhook();
  const change = newChange(services, caller, customerId, {
    kind: 'webhook-removed',
    before: { origin: originOf(webhook) },
    after: null,
  });
  const failures = await transact(table, {
    webhook: deleteWebhook(webhook),
    caller: checkCaller(caller.administrator),
    audit: change.write,
  });
  if (failures?.caller) throw lostRights();
  if (failures) throw noSuchWebhook();
  change.log();
}
