import type { Customer } from '../../table/customers/customers.ts';
import { licenseInForce } from './license.ts';

/** Why only the operator can end a customer. */
export type UnsubscribeObstacle =
  | { readonly by: 'license' }
  /** It is on Free by now, and may leave from `until` on if the month is closed then. */
  | { readonly by: 'last-bill'; readonly month: string; readonly until: number };

/**
 * Gives why a customer can only be ended by the operator, undefined when it may leave: its license is paid, or the last
 * month in which it was is not closed yet, or only just: its bill is not made. Everything that it is made of would be
 * discarded.
 */
export function unsubscribeObstacle(customer: Customer, now: number): UnsubscribeObstacle | undefined {
  if (licenseInForce(customer, now).type !== 'free') return { by: 'license' };
  const { lastPaid, closedThrough = '' } = customer;
  if (!lastPaid || (closedThrough >= lastPaid.month && now >= lastPaid.billedBy)) return undefined;
  return { by: 'last-bill', month: lastPaid.month, until: lastPaid.billedBy };
}
