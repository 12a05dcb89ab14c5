import { emptyPartitions } from '../../table/discarding/partitions.ts';
import { positionOf } from '../../table/removed-rps.ts';
import type { CustomerToDiscard, DiscardingServices, DiscardingStep } from '../discarding.ts';
import { eachRp } from './each-rp.ts';
import { lastActiveMonth, partitionsOfRp } from './partitions-of-rp.ts';

/**
 * Empties the partitions of a customer's RPs until the Lambda function runs out of time. Returns the next step of the
 * discarding: `finish` when a complete sweep has found all partitions empty, and `sweep` in all other cases.
 */
export async function sweepPartitions(
  services: DiscardingServices,
  message: CustomerToDiscard,
  hasTime: () => boolean,
): Promise<DiscardingStep> {
  const { customerId } = message;
  let { afterRp, found = false } = message;
  const lastMonth = await lastActiveMonth(services, customerId);
  for await (const rp of eachRp(services, customerId, afterRp)) {
    const partitions = partitionsOfRp(rp, services, lastMonth);
    const { isEmpty, discarded } = await emptyPartitions(services.table, partitions, hasTime);
    found ||= Object.keys(discarded).length > 0;
    if (!isEmpty) return { step: 'sweep', found, afterRp };
    afterRp = positionOf(rp);
    if (!hasTime()) return { step: 'sweep', found, afterRp };
  }
  return found ? { step: 'sweep' } : { step: 'finish' };
}
