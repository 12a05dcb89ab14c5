import { readCustomer } from '../../table/customers/customers.ts';
import { emptyPartition, rpOfPartition } from '../../table/discarding/partitions.ts';
import { readRemovedRp } from '../../table/removed-rps.ts';
import { readRp } from '../../table/rps.ts';
import type { DiscardingServices, PartitionToDiscard } from '../discarding.ts';
import { isLeaving } from './leaving-customer.ts';

/**
 * Empties one partition of an RP whose customer is unsubscribing. Ignores a queue message whose partition does not
 * belong to an RP, and a queue message for an RP whose customer is not unsubscribing. The RP item stays until all
 * partitions of the RP are empty, because the service finds the partitions through the RP item.
 */
export async function discardPartition(
  { table, discard }: DiscardingServices,
  message: PartitionToDiscard,
  hasTime: () => boolean,
): Promise<void> {
  const { customerId, partition, lastMonth } = message;
  const rpRef = rpOfPartition(partition);
  if (rpRef === undefined) return;
  const [rp, customer] = await Promise.all([
    lastMonth === undefined
      ? readRp(table, customerId, rpRef, 'strong')
      : readRemovedRp(table, customerId, lastMonth, rpRef, 'strong'),
    readCustomer(table, customerId, 'strong'),
  ]);
  if (!rp || !isLeaving(customer)) return;
  const { isEmpty } = await emptyPartition(table, partition, hasTime);
  if (!isEmpty) await discard([message], 0);
}
