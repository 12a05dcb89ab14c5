import type { Customer } from '../../table/customers/customers.ts';
import type { Unsubscription } from '../../table/customers/customers.ts';

/** A customer that the service may discard or is already discarding. */
export type LeavingCustomer = Customer & { readonly unsubscription: Unsubscription };

/** Returns whether a customer has the status `unsubscribing` (the fence) and may be discarded. */
export function isLeaving(customer: Customer | undefined): customer is LeavingCustomer {
  return customer?.status === 'unsubscribing' && customer.unsubscription?.discards === true;
}
