import type { Customer } from '../../table/customers/customers.ts';
import { licenseInForce } from './license.ts';

/** The reason why a customer cannot unsubscribe by itself, so that only the operator can end it. */
export type UnsubscribeObstacle =
  /** The license in force is a paid one. */
  | { readonly by: 'license' }
  /**
   * The customer has moved to Free, and may unsubscribe from `until` on, if its last paid month, `month`, is closed by
   * that time.
   */
  | { readonly by: 'last-bill'; readonly month: string; readonly until: number };

/**
 * Returns the reason why a customer cannot unsubscribe by itself: its license is paid, or its last paid month is not
 * closed, or was closed so recently that the statement may not have been exported. Unsubscribing would discard the data
 * for the bill. Returns undefined when the customer may unsubscribe.
 */
export function unsubscribeObstacle(customer: Customer, now: number): UnsubscribeObstacle | undefined {
  if (licenseInForce(customer, now).type !== 'free') return { by: 'license' };
  const { lastPaid, closedThrough = '' } = customer;
  if (!lastPaid || (closedThrough >= lastPaid.month && now >= lastPaid.billedBy)) return undefined;
  return { by: 'last-bill', month: lastPaid.month, until: lastPaid.billedBy };
}
