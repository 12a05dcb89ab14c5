import { pendingUnsubscription, type Customer } from '../../table/customers/customers.ts';
import { licenseInForce, licenseStatus } from '../licenses/license.ts';

/**
 * The state of a customer, in one word, in the order in which the operator's commands list the states:
 *
 * - `active`: the license in force is active.
 * - `expired`: the license in force has ended, and no other license has started. Nothing new can be registered.
 * - `not-started`: the license in force has not started, because the clock of a local service was set back.
 * - `provisional`: nobody has activated the customer yet.
 * - `leaving`: the representative has unsubscribed, and the grace period has not ended.
 * - `discarding`: the customer is unsubscribed. The service refuses its requests and discards its data.
 */
export const customerStates = ['active', 'expired', 'not-started', 'provisional', 'leaving', 'discarding'] as const;
export type CustomerState = (typeof customerStates)[number];

/** Returns the state of a customer at the time `now` (epoch milliseconds). */
export function customerState(customer: Customer, now: number): CustomerState {
  if (customer.status === 'unsubscribing') return 'discarding';
  if (customer.status === 'provisional') return 'provisional';
  return pendingUnsubscription(customer) ? 'leaving' : licenseStatus(licenseInForce(customer, now), now);
}
