import type { Customer } from '../../table/customers/customers.ts';
import { moveFence } from '../../table/customers/customer-status.ts';
import type { Unsubscription } from '../../table/customers/customers.ts';
import type { Services } from '../services.ts';

/**
 * Gives how many of so many milliseconds after a customer's fence are still to go by; 0 or less when none. A fence that is
 * still to come was put up by a clock which is ahead, or which was put back since, as on one machine it can be: it stands
 * by now, so that the time is taken from now on.
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
