import { discardCustomer, discardPartition } from './discard-customer.ts';
import { discardRp } from './discard-rp.ts';
import type { DiscardingServices, ToDiscard } from '../discarding.ts';

/** Does what a message of the discarding queue asks for, as long as there is time; the rest is handed to the queue again. */
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
