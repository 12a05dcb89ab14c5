import type { Customer } from '../../table/customers/customers.ts';
import { moveFence } from '../../table/customers/customer-status.ts';
import type { Unsubscription } from '../../table/customers/customers.ts';
import type { Services } from '../services.ts';

/**
 * Returns how many milliseconds remain until `milliseconds` have passed since a customer's fence. Returns 0 or less
 * when this time has passed. If the fence begins in the future, resets its start time to now and returns
 * `milliseconds`. This happens when the clock was ahead as the fence was set, or when the clock was set back since,
 * which is possible for the local service.
 */
export async function waitAfterFence(
  { table, clock }: Pick<Services, 'table' | 'clock'>,
  { customerId, unsubscription: { startedAt } }: Customer & { readonly unsubscription: Unsubscription },
  milliseconds: number,
): Promise<number> {
  const now = clock.now();
  if (startedAt <= now) return startedAt + milliseconds - now;
  await moveFence(table, customerId, now);
  return milliseconds;
}
