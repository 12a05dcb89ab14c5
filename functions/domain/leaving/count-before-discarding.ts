import { keepFound } from '../../table/customers/customer-status.ts';
import type { CustomerToDiscard, DiscardingServices, DiscardingStep } from '../discarding.ts';
import { countWithinTime } from './count-items.ts';
import { discardOwnedItems } from './discard-owned-items.ts';
import type { LeavingCustomer } from './leaving-customer.ts';

/**
 * Counts the items of a customer before the first item is discarded, and then discards the customer's sessions, links
 * and API keys. If an earlier call has stored a complete count, keeps the earlier count. Returns the next step: `count`
 * again when time ran out, and otherwise `announce`.
 */
export async function countBeforeDiscarding(
  services: DiscardingServices,
  customer: LeavingCustomer,
  message: CustomerToDiscard,
  hasTime: () => boolean,
): Promise<DiscardingStep> {
  const { customerId, unsubscription } = customer;
  if (!message.counts) {
    // The record about an unsubscribed customer (the closing record) is stored before the first item is discarded. If
    // the operator later restores a backup that contains the customer, the closing record shows that the customer must
    // be discarded again.
    await services.keepClosingRecord({
      customerId,
      unsubscribedAt: unsubscription.startedAt,
      discardedAt: null,
      discarded: unsubscription.found ?? {},
    });
  }
  const { isComplete, ...counted } = await countWithinTime(services, customerId, message, hasTime);
  if (!isComplete) return { step: 'count', ...counted };
  await keepFound(services.table, customerId, counted.counts);
  const { isEmpty } = await discardOwnedItems(services, customer, hasTime);
  return isEmpty ? { step: 'announce' } : { step: 'count', ...counted };
}
