import type { Administrator } from '../table/administrators.ts';
import type { Customer } from '../table/customers/customers.ts';
import { DAY, toTtl } from './time.ts';

/**
 * The time, in milliseconds, within which the representative must activate a new customer. An administrator's
 * invitation lapses after the same period.
 */
const ACTIVATED_WITHIN = 7 * DAY;

/**
 * Returns the deadline, in epoch milliseconds, for the representative to activate the customer. A customer that is not
 * active by this deadline lapses: the service treats the customer as absent, and DynamoDB deletes its items by their TTL.
 */
export function customerLapsesAt({ createdAt }: Pick<Customer, 'createdAt'>): number {
  return createdAt + ACTIVATED_WITHIN;
}

/**
 * Returns the time at which an invitation lapses, in epoch milliseconds. Returns undefined for an administrator who
 * signed up and was not invited: such an administrator lapses when the customer lapses.
 */
export function invitationLapsesAt({ invitedAt }: Pick<Administrator, 'invitedAt'>): number | undefined {
  return invitedAt === undefined ? undefined : invitedAt + ACTIVATED_WITHIN;
}

/** Returns whether a customer is provisional and was not activated within 7 days. */
export function hasCustomerLapsed(customer: Pick<Customer, 'status' | 'createdAt'>, now: number): boolean {
  return customer.status === 'provisional' && now >= customerLapsesAt(customer);
}

/**
 * Returns the TTL, in epoch seconds, of an item that has no effect from the time `deadline` (epoch milliseconds) on. The
 * TTL is a day later, so DynamoDB deletes no item that an activation just before the deadline still writes.
 */
export function ttlAfter(deadline: number): number {
  return toTtl(deadline + DAY);
}

/** Returns whether an administrator was invited and did not activate their account within 7 days. */
export function hasLapsed(invited: Pick<Administrator, 'status' | 'invitedAt'>, now: number): boolean {
  const lapsesAt = invitationLapsesAt(invited);
  return invited.status === 'provisional' && lapsesAt !== undefined && now >= lapsesAt;
}
