import type { Administrator } from '../table/administrators.ts';
import type { Customer } from '../table/customers/customers.ts';
import { DAY } from './time.ts';

/**
 * The time, in milliseconds, within which the representative must activate a new customer. An administrator's
 * invitation lapses after the same period.
 */
const ACTIVATED_WITHIN = 7 * DAY;

/**
 * Returns the deadline, in epoch milliseconds, for the representative to activate the customer. A customer that is not
 * active by this deadline lapses, and the service discards the customer.
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

/** Returns whether an administrator was invited and did not activate their account within 7 days. */
export function hasLapsed(invited: Pick<Administrator, 'status' | 'invitedAt'>, now: number): boolean {
  const lapsesAt = invitationLapsesAt(invited);
  return invited.status === 'provisional' && lapsesAt !== undefined && now >= lapsesAt;
}
