import type { Administrator } from '../table/administrators.ts';
import type { Customer } from '../table/customers/customers.ts';
import { DAY } from './time.ts';

/** "A customer that nobody activated within 7 days is discarded." An invitation also lapses after 7 days. */
const ACTIVATED_WITHIN = 7 * DAY;

/**
 * Returns the time, in epoch milliseconds, at which a customer lapses unless the customer's representative activates
 * it.
 */
export function customerLapsesAt({ createdAt }: Pick<Customer, 'createdAt'>): number {
  return createdAt + ACTIVATED_WITHIN;
}

/**
 * Returns the time at which an invitation lapses, in epoch milliseconds. Returns undefined for an administrator who
 * signed up and was not invited: such an administrator lapses with the customer.
 */
export function invitationLapsesAt({ invitedAt }: Pick<Administrator, 'invitedAt'>): number | undefined {
  return invitedAt === undefined ? undefined : invitedAt + ACTIVATED_WITHIN;
}

/** Returns whether an administrator was invited and did not activate their account within 7 days. */
export function hasLapsed(invited: Pick<Administrator, 'status' | 'invitedAt'>, now: number): boolean {
  const lapsesAt = invitationLapsesAt(invited);
  return invited.status === 'provisional' && lapsesAt !== undefined && now >= lapsesAt;
}
