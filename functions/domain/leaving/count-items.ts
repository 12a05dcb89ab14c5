import type { ItemCounts } from '../../table/customers/customers.ts';
import { addCounts } from '../../table/discarding/item-counts.ts';
import { countOwned } from '../../table/discarding/owned-items.ts';
import { countPartitions, partitionOfCustomer, type Uncounted } from '../../table/discarding/partitions.ts';
import { positionOf } from '../../table/removed-rps.ts';
import type { DiscardingStep } from '../discarding.ts';
import type { CalendarServices } from '../services.ts';
import { eachRp } from './each-rp.ts';
import { lastActiveMonth, partitionsOfRp } from './partitions-of-rp.ts';

/** Returns the number of items of each kind that a customer has. */
export async function countItems(services: CalendarServices, customerId: string): Promise<ItemCounts> {
  const { counts } = await countWithinTime(services, customerId, {}, () => true);
  return counts;
}

type Counted = Pick<DiscardingStep, 'afterRp' | 'counts' | 'uncounted'>;

/**
 * Counts a customer's items until time runs out, and continues where an earlier call stopped. Returns the counts so
 * far, whether they are complete and, if not, where the next call continues. Counts the items that the finder (our GSI)
 * lists, then the customer's own partition, and then the partitions of each RP. Each call counts at least one page of
 * each partition that it works on, so that every call makes progress.
 */
export async function countWithinTime(
  services: CalendarServices,
  customerId: string,
  from: Counted,
  hasTime: () => boolean,
): Promise<Counted & { readonly counts: ItemCounts; readonly isComplete: boolean }> {
  const { table } = services;
  let { afterRp, counts } = from;
  let uncounted: readonly Uncounted[] = from.uncounted ?? [];
  if (!counts) {
    counts = await countOwned(table, customerId);
    uncounted = [{ partition: partitionOfCustomer(customerId) }];
  }
  const lastMonth = await lastActiveMonth(services, customerId);
  const partitions = await countPartitions(table, uncounted, hasTime);
  counts = addCounts(counts, partitions.counts);
  uncounted = partitions.uncounted;
  if (uncounted.length > 0) return { afterRp, counts, uncounted, isComplete: false };
  for await (const rp of eachRp(services, customerId, afterRp)) {
    const ofRp = partitionsOfRp(rp, services, lastMonth).map((partition) => ({ partition }));
    const counted = await countPartitions(table, ofRp, hasTime);
    counts = addCounts(counts, counted.counts);
    afterRp = positionOf(rp);
    uncounted = counted.uncounted;
    if (uncounted.length > 0 || !hasTime()) return { afterRp, counts, uncounted, isComplete: false };
  }
  return { afterRp, counts, isComplete: true };
}
