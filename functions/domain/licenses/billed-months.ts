import type { Customer } from '../../table/customers/customers.ts';
import type { Calendar, Month } from '../calendar.ts';

/**
 * Returns the time from which a customer can have operations, in epoch milliseconds: the activation. An earlier release
 * stored no time of the activation; the function then returns the time of the sign-up.
 */
export function beganAt({ activatedAt, createdAt }: Pick<Customer, 'activatedAt' | 'createdAt'>): number {
  return activatedAt ?? createdAt;
}

/**
 * Returns the next month to close for a customer, even if this month is not due yet. The first month to close is the
 * month in which the customer was activated.
 */
export function nextMonthOf(calendar: Calendar, customer: Customer): Month {
  const { closedThrough } = customer;
  return closedThrough === undefined ? calendar.monthOf(beganAt(customer)) : calendar.plus(closedThrough, 1);
}
