import type { Customer } from '../../table/customers/customers.ts';
import { licenseInForce } from './license.ts';

/** The reason why a customer cannot unsubscribe by itself. Only the operator can unsubscribe such a customer. */
export type UnsubscribeObstacle =
  /** The license in force is a paid license. */
  | { readonly by: 'license' }
  /**
   * The customer has moved from a paid license to a Free license. `month` is the last month that the customer is billed
   * for. The customer may unsubscribe after the service has closed this month (stored the month's statement), but not
   * before the time `until` (epoch milliseconds).
   */
  | { readonly by: 'last-bill'; readonly month: string; readonly until: number };

/**
 * Returns the reason why a customer cannot unsubscribe by itself: its license is paid, its last billed month is not
 * closed, or that month was closed so recently that the operator may not have exported the month's statement. The
 * unsubscription would discard the statements that the operator needs to bill the customer. Returns undefined when the
 * customer may unsubscribe.
 */
export function unsubscribeObstacle(customer: Customer, now: number): UnsubscribeObstacle | undefined {
  if (licenseInForce(customer, now).type !== 'free') return { by: 'license' };
  const { lastPaid, closedThrough = '' } = customer;
  if (!lastPaid || (closedThrough >= lastPaid.month && now >= lastPaid.billedBy)) return undefined;
  return { by: 'last-bill', month: lastPaid.month, until: lastPaid.billedBy };
}
