import type { DiscardingServices, ToDiscard } from '../discarding.ts';
import { discardCustomer } from './discard-customer.ts';
import { discardPartition } from './discard-partition.ts';
import { discardRp } from './discard-rp.ts';

/**
 * Handles a message of the discarding queue. When the Lambda function runs out of time, sends a new message for the
 * remaining work to the queue.
 */
export function discardItems(services: DiscardingServices, message: ToDiscard, hasTime: () => boolean): Promise<void> {
  switch (message.what) {
    case 'rp':
      return discardRp(services, message, hasTime);
    case 'partition':
      return discardPartition(services, message, hasTime);
    case 'customer':
      return discardCustomer(services, message, hasTime);
  }
}
