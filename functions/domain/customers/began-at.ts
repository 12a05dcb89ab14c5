import type { Customer } from '../../table/customers/customers.ts';

/**
 * Returns the time from which a customer can have operations, in epoch milliseconds: the activation. An earlier release
 * stored no time of the activation; the function then returns the time of the sign-up.
 */
export function beganAt({ activatedAt, createdAt }: Pick<Customer, 'activatedAt' | 'createdAt'>): number {
  return activatedAt ?? createdAt;
}
