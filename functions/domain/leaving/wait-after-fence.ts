import type { Customer } from '../../table/customers/customers.ts';
import { moveFence } from '../../table/customers/customer-status.ts';
import type { Unsubscription } from '../../table/customers/customers.ts';
import type { Services } from '../services.ts';

/**
 * Returns how long to wait, in milliseconds, until some time has passed since a customer's fence; 0 or less when it has
 * passed. When the fence begins in the future, the clock that set it is ahead, or the clock was set back since, as is
 * possible on one machine. Then it resets the fence's start time to now and returns the whole time.
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
