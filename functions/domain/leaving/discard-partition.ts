import { readCustomer } from '../../table/customers/customers.ts';
import { emptyPartition, rpOfPartition } from '../../table/discarding/partitions.ts';
import { readRp } from '../../table/rps.ts';
import type { DiscardingServices, PartitionToDiscard } from '../discarding.ts';
import { isLeaving } from './leaving-customer.ts';

/**
 * Empties one partition of an RP of a customer that unsubscribes. Ignores a message for a partition that belongs to no
 * such RP. The RP items stay until all partitions are empty, because the partitions are found through the RP items.
 */
export async function discardPartition(
  { table, discard }: DiscardingServices,
  message: PartitionToDiscard,
  hasTime: () => boolean,
): Promise<void> {
  const { customerId, partition } = message;
  const rpRef = rpOfPartition(partition);
  if (rpRef === undefined) return;
  const [rp, customer] = await Promise.all([
    readRp(table, customerId, rpRef, 'strong'),
    readCustomer(table, customerId, 'strong'),
  ]);
  if (!rp || !isLeaving(customer)) return;
  const { isEmpty } = await emptyPartition(table, partition, hasTime);
  if (!isEmpty) await discard([message], 0);
}
