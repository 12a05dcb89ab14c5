import type { Customer, Unsubscription } from '../../table/customers/customers.ts';

/** A customer that the service may discard or is already discarding. */
export type LeavingCustomer = Customer & { readonly unsubscription: Unsubscription };

/** Returns whether a customer has the status `unsubscribing` and the service is allowed to discard the customer. */
export function isLeaving(customer: Customer | undefined): customer is LeavingCustomer {
  return customer?.status === 'unsubscribing' && customer.unsubscription?.discards === true;
}
