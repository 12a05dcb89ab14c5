import type { Customer } from '../../table/customers/customers.ts';
import { moveFence } from '../../table/customers/customer-status.ts';
import type { Unsubscription } from '../../table/customers/customers.ts';
import type { Services } from '../services.ts';

/**
 * Returns the rest of a waiting period in milliseconds, or 0 or less when the period is over. The period begins when a
 * customer gets the status `unsubscribing` (the fence), and lasts for `milliseconds`. If the stored time at which the
 * customer got the status `unsubscribing` is in the future, replaces the stored time with the current time and returns
 * `milliseconds`. The stored time is in the future if the clock of the process that set the status was ahead, or if the
 * clock of the local service, which runs on a developer's computer, was set back afterwards.
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
