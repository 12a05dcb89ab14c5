import { isSameName } from '../../contract/texts.ts';
import { checkCaller } from '../../table/administrators.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { transact } from '../../table/engine/transaction.ts';
import { startUnsubscribing } from '../../table/customers/customer-status.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { AFTER_THE_REQUEST, type AnnouncingServices } from '../discarding.ts';
import { ConfirmationMismatchError, ContactRequiredError } from '../errors.ts';
import { lostRights } from '../refusals.ts';
import { requireRecentSignIn } from '../signing-in/recent-sign-in.ts';
import { unsubscribeObstacle } from '../licenses/unsubscribe-obstacle.ts';

export interface UnsubscribingServices extends AnnouncingServices {
  /** The operator's e-mail address, to which customers with a paid license must write to unsubscribe. */
  readonly contact: string;
}

/**
 * Ends a customer's use of the service. Before this function is called, the handler of the route has checked that the
 * caller is the customer's representative. Makes three checks, in this order. Throws `ContactRequiredError` when the
 * license is paid or the operator may still need the customer's last paid statement. Throws
 * `ReauthenticationRequiredError` when the caller signed in more than 5 minutes ago. Throws `ConfirmationMismatchError`
 * when `confirmation` is not the customer's name. One transaction sets the customer's status to `unsubscribing`, on the
 * condition that the customer and the caller have not changed since the checks. If the customer has changed, the
 * transaction fails and the function repeats the checks. Throws `UnauthenticatedError` when the caller has lost rights,
 * when the customer has another representative, or when the customer is no longer active. Returns the time at which the
 * customer got the status `unsubscribing`, in epoch milliseconds.
 *
 * Before the transaction, the function sends the queue message that starts the discarding, and the worker that receives
 * the queue message checks the status of the customer. If the process dies before the transaction, the queue message
 * has no effect. If the process dies after the transaction, the queue message is already in the queue.
 */
export async function unsubscribeCustomer(
  { table, clock, log, discard, contact }: UnsubscribingServices,
  caller: AdministratorCaller,
  { confirmation }: { confirmation: string },
): Promise<{ unsubscribedAt: number }> {
  const now = clock.now();
  const { customerId } = caller.customer;
  let { customer } = caller;
  for (let isAnnounced = false; ; isAnnounced = true) {
    const paid = unsubscribeObstacle(customer, now);
    if (paid) throw new ContactRequiredError(contact, paid.by === 'license' ? undefined : paid);
    requireRecentSignIn(caller, now);
    if (!isSameName(confirmation, customer.name)) throw new ConfirmationMismatchError();
    if (!isAnnounced) await discard([{ what: 'customer', customerId, step: 'count' }], AFTER_THE_REQUEST);
    const failures = await transact(table, {
      customer: startUnsubscribing(customer, { startedAt: now, by: 'representative', discards: true }),
      caller: checkCaller(caller.administrator),
    });
    if (!failures) break;
    const changed = await readCustomer(table, customerId, 'strong');
    const isStillTheirs = changed?.status === 'active' && changed.representativeId === customer.representativeId;
    if (failures.caller || !isStillTheirs) throw lostRights();
    customer = changed;
  }
  logChange(log, {
    actor: actorOf(caller),
    what: 'customer',
    customerId,
    before: { status: 'active' },
    after: { status: 'unsubscribing' },
  });
  return { unsubscribedAt: now };
}
