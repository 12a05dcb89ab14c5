import { isSameName } from '../../contract/values/texts.ts';
import { checkCaller } from '../../table/administrators.ts';
import { pendingUnsubscription, readCustomer, type UnsubscriptionRequest } from '../../table/customers/customers.ts';
import { startUnsubscribing } from '../../table/customers/customer-status.ts';
import { putUnsubscriptionRequest } from '../../table/customers/unsubscription-requests.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { AFTER_THE_REQUEST, type AnnouncingServices } from '../discarding.ts';
import { ConfirmationMismatchError, ContactRequiredError } from '../errors.ts';
import { noticeOfRequest } from '../mail/unsubscription-notices.ts';
import { lostRights } from '../refusals.ts';
import { requireRecentSignIn } from '../sessions/recent-sign-in.ts';
import { unsubscribeObstacle } from '../licenses/unsubscribe-obstacle.ts';
import { HOUR } from '../time.ts';
import { countRequest } from './unsubscription-limit.ts';

export interface UnsubscribingServices extends AnnouncingServices {
  /** The operator's e-mail address, to which customers with a paid license must write to unsubscribe. */
  readonly contact: string;
  /**
   * The length of the grace period in hours. If it is 0, there is no grace period, and unsubscribing takes effect at
   * once.
   */
  readonly unsubscribeGraceHours: number;
}

/** The result of unsubscribing. If there is no grace period, `effectiveAt` is equal to `requestedAt`. */
export interface RequestedUnsubscription extends Pick<UnsubscriptionRequest, 'requestedAt' | 'effectiveAt'> {
  /** The customer's status: `active` during the grace period, and `unsubscribing` if there is no grace period. */
  readonly status: 'active' | 'unsubscribing';
}

/**
 * Unsubscribes a customer. Before this function is called, the handler of the route has checked that the caller is the
 * customer's representative. Makes three checks, in this order. Throws `ContactRequiredError` when the license is paid
 * or the operator may still need the customer's last paid statement. Throws `ReauthenticationRequiredError` when the
 * caller signed in more than 5 minutes ago. Throws `ConfirmationMismatchError` when `confirmation` is not the
 * customer's name.
 *
 * After the checks, a grace period begins. The customer stays active until the first hourly run of `beginDiscarding`
 * after the grace period, which sets the customer's status to `unsubscribing` (the fence). If a grace period has
 * already begun, changes nothing, sends no e-mail, and returns the times of this grace period. If the service has no
 * grace period, sets the fence at once.
 *
 * The write has the condition that the customer and the caller have not changed since the checks. If the customer has
 * changed, the write fails and the function repeats the checks. For example, a second request stores nothing:
 *
 *     A reads the customer: no request
 *                                         B reads the customer: no request
 *     A stores its request
 *                                         B's write fails; B reads again and returns the times of A's request
 *
 * Throws `TooManyRequestsError` when the customer was already unsubscribed 5 times in 24 hours. Throws
 * `UnauthenticatedError` when the caller has lost rights, when the customer has another representative, or when
 * the customer is no longer active.
 */
export async function unsubscribeCustomer(
  services: UnsubscribingServices,
  caller: AdministratorCaller,
  { confirmation }: { confirmation: string },
): Promise<RequestedUnsubscription> {
  const { table, clock, contact, unsubscribeGraceHours } = services;
  const now = clock.now();
  const { customerId, representativeId } = caller.customer;
  const requestedBy = caller.administrator.administratorId;
  const request = { requestedAt: now, effectiveAt: now + unsubscribeGraceHours * HOUR, requestedBy };
  const write = unsubscribeGraceHours > 0 ? beginGracePeriod : setFence;
  let { customer } = caller;
  for (;;) {
    const paid = unsubscribeObstacle(customer, now);
    if (paid) throw new ContactRequiredError(contact, paid.by === 'license' ? undefined : paid);
    requireRecentSignIn(caller, now);
    if (!isSameName(confirmation, customer.name)) throw new ConfirmationMismatchError();
    const pending = pendingUnsubscription(customer);
    if (pending) return { ...pending, status: 'active' };
    const { status, failures } = await write(services, { ...caller, customer }, request);
    if (!failures) return { ...request, status };
    const changed = await readCustomer(table, customerId, 'strong');
    const isStillTheirs = changed?.status === 'active' && changed.representativeId === representativeId;
    if (failures.caller || !isStillTheirs) throw lostRights();
    customer = changed;
  }
}

/**
 * Stores a request to unsubscribe, and an e-mail about it to all privileged administrators. If the process dies, both
 * are stored or neither.
 */
async function beginGracePeriod(
  services: UnsubscribingServices,
  caller: AdministratorCaller,
  request: UnsubscriptionRequest,
) {
  const { table, requestId } = services;
  const { customer, administrator } = caller;
  const made = { kind: 'unsubscription-requested', before: null, after: request } as const;
  const change = newChange(services, caller, customer.customerId, made);
  const ofDay = countRequest(customer, request.requestedAt);
  const failures = await transact(table, {
    customer: putUnsubscriptionRequest(customer, request, ofDay),
    caller: checkCaller(administrator),
    notice: noticeOfRequest(customer, administrator.name, request, requestId),
    audit: change.write,
  });
  if (!failures) change.log();
  return { status: 'active', failures } as const;
}

/**
 * Sets the fence. Before the transaction, sends the queue message that starts the discarding; the worker that receives
 * the message checks the status of the customer. If the process dies before the transaction, the message has no effect.
 * If the process dies after the transaction, the message is already in the queue. If the transaction fails and the
 * caller of this function tries again, there are two messages, which does no harm.
 */
async function setFence(
  services: UnsubscribingServices,
  caller: AdministratorCaller,
  { requestedAt }: UnsubscriptionRequest,
) {
  const { table, discard } = services;
  const { customer, administrator } = caller;
  const { customerId } = customer;
  const change = newChange(services, caller, customerId, {
    kind: 'customer-unsubscribed',
    before: { status: 'active' },
    after: { status: 'unsubscribing' },
  });
  await discard([{ what: 'customer', customerId, step: 'count' }], AFTER_THE_REQUEST);
  const failures = await transact(table, {
    customer: startUnsubscribing(customer, { startedAt: requestedAt, by: 'representative', discards: true }),
    caller: checkCaller(administrator),
    audit: change.write,
  });
  if (!failures) change.log();
  return { status: 'unsubscribing', failures } as const;
}
