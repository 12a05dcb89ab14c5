import type { Customer } from '../table/customers.ts';
import { licenseInForce } from './license.ts';

/**
 * Whether a customer can only be ended by the operator: its license is paid, or the last month in which it was is not
 * closed yet, so that its bill is not made. Everything that it is made of would be discarded.
 */
export function isPaid(customer: Customer, now: number): boolean {
  const { lastPaidMonth, closedThrough = '' } = customer;
  return (
    licenseInForce(customer, now).type !== 'free' || (lastPaidMonth !== undefined && closedThrough < lastPaidMonth)
  );
}
