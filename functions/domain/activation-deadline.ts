import type { Administrator } from '../table/administrators.ts';
import type { Customer } from '../table/customers/customers.ts';
import { DAY } from './time.ts';

/** "A customer that nobody activated within 7 days is discarded"; an invitation gives way when it is as old. */
const ACTIVATED_WITHIN = 7 * DAY;

/** Gives when a customer lapses, unless somebody activates it: epoch milliseconds. */
export function customerLapsesAt({ createdAt }: Pick<Customer, 'createdAt'>): number {
  return createdAt + ACTIVATED_WITHIN;
}

/** Gives when an invitation lapses. Undefined for somebody who was not invited but signed up: they lapse with their customer. */
export function invitationLapsesAt({ invitedAt }: Pick<Administrator, 'invitedAt'>): number | undefined {
  return invitedAt === undefined ? undefined : invitedAt + ACTIVATED_WITHIN;
}

/** Whether somebody was invited and did not come in time. */
export function hasLapsed(invited: Pick<Administrator, 'status' | 'invitedAt'>, now: number): boolean {
  const lapsesAt = invitationLapsesAt(invited);
  return invited.status === 'provisional' && lapsesAt !== undefined && now >= lapsesAt;
}
