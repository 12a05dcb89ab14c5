import { findFilled } from '../../table/discarding/partitions.ts';
import { isRemoved, positionOf } from '../../table/removed-rps.ts';
import type { CustomerToDiscard, DiscardingServices, DiscardingStep } from '../discarding.ts';
import { eachRp } from './each-rp.ts';
import { lastActiveMonth, partitionsOfRp } from './partitions-of-rp.ts';

/**
 * Sends a queue message for each non-empty partition of the customer's RPs. Begins with the RP that follows the
 * position `afterRp`, and stops when the time of the invocation runs out. Returns the next step.
 */
export async function announcePartitions(
  services: DiscardingServices,
  { customerId, afterRp }: CustomerToDiscard,
  hasTime: () => boolean,
): Promise<DiscardingStep> {
  const { table, discard } = services;
  const lastMonth = await lastActiveMonth(services, customerId);
  for await (const rp of eachRp(services, customerId, afterRp)) {
    const filled = await findFilled(table, partitionsOfRp(rp, services, lastMonth));
    await discard(
      filled.map((partition) => ({
        what: 'partition',
        customerId,
        partition,
        ...(isRemoved(rp) && { lastMonth: rp.lastMonth }),
      })),
      0,
    );
    if (!hasTime()) return { step: 'announce', afterRp: positionOf(rp) };
  }
  return { step: 'sweep' };
}
