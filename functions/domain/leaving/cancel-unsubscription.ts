import { checkCaller } from '../../table/administrators.ts';
import { pendingUnsubscription } from '../../table/customers/customers.ts';
import { cancelUnsubscriptionRequest } from '../../table/customers/unsubscription-requests.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { NotFoundError } from '../errors.ts';
import { noticeOfCancellation } from '../mail/unsubscription-notices.ts';
import { lostRights } from '../refusals.ts';
import type { Services } from '../services.ts';

/**
 * Cancels the unsubscription of the caller's customer during the grace period. One transaction removes the request and
 * stores an e-mail to all privileged administrators: if the process dies, both are done or neither. The caller can
 * cancel until the fence stands, which is up to an hour after the end of the grace period. The write that sets the
 * fence fails when the request was cancelled, and this write fails when the fence stands, so only one of them succeeds.
 *
 * Throws `NotFoundError` when no unsubscription is pending or the fence already stands. Throws `UnauthenticatedError`
 * when the caller lost rights after the request was authenticated.
 */
export async function cancelUnsubscription(services: Services, caller: AdministratorCaller): Promise<void> {
  const { table, clock, requestId } = services;
  const { administrator } = caller;
  let { customer } = caller;
  for (;;) {
    const request = pendingUnsubscription(customer);
    if (!request) throw notPending();
    const made = { kind: 'unsubscription-cancelled', before: request, after: null } as const;
    const change = newChange(services, caller, customer.customerId, made);
    const failures = await transact(table, {
      audit: change.write,
      customer: cancelUnsubscriptionRequest(customer),
      caller: checkCaller(administrator),
      mail: noticeOfCancellation(customer, administrator.name, clock.now(), requestId),
    });
    if (!failures) {
      change.log();
      return;
    }
    if (failures.caller) throw lostRights();
    const changed = failures.customer?.item;
    if (!changed) throw notPending();
    customer = changed;
  }
}

const notPending = () => new NotFoundError('No unsubscription is pending, or its grace period has ended.');
