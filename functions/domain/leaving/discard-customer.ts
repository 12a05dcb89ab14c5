import { readCustomer } from '../../table/customers/customers.ts';
import type { CustomerToDiscard, DiscardingServices, DiscardingStep } from '../discarding.ts';
import { MINUTE } from '../time.ts';
import { announcePartitions } from './announce-partitions.ts';
import { countBeforeDiscarding } from './count-before-discarding.ts';
import { finishDiscarding } from './finish-discarding.ts';
import { isLeaving } from './leaving-customer.ts';
import { sweepPartitions } from './sweep-partitions.ts';
import { waitAfterFence } from './wait-after-fence.ts';

/** The longest delay that the queue allows for a message. */
const LONGEST_DELAY = 15 * MINUTE;

/**
 * Does one step of the discarding of a customer that has its fence, and sends the following step to the queue.
 *
 *     count      counts everything; discards sessions, links and keys
 *     announce   sends a message for each partition of the customer's RPs that contains an item
 *     sweep      waits until no request or event from before the fence can write; then empties all partitions of the RPs,
 *                and repeats this until it finds all of them empty
 *     finish     empties the customer's own partition; sends the confirming e-mail; then discards addresses, administrators and,
 *                last, the customer
 *
 * The first three steps go from RP to RP. When time runs out, another message continues after the last RP that is done.
 *
 * A message may arrive more than once, also twice at the same time, and the process may die anywhere. Three rules make
 * this safe: a repeated step only finds less to do; the next step is sent to the queue before the message of this step
 * is deleted; and the customer item, from which everything else is found, is deleted last. A message for a customer
 * without a fence does nothing.
 */
export async function discardCustomer(
  services: DiscardingServices,
  message: CustomerToDiscard,
  hasTime: () => boolean,
): Promise<void> {
  const customer = await readCustomer(services.table, message.customerId, 'strong');
  if (!isLeaving(customer)) return;
  const { what, customerId } = message;
  const next = (step: DiscardingStep, delay = 0) => services.discard([{ what, customerId, ...step }], delay);

  switch (message.step) {
    case 'count':
      return next(await countBeforeDiscarding(services, customer, message, hasTime));
    case 'announce':
      return next(await announcePartitions(services, message, hasTime));
    case 'sweep': {
      const waits = await waitAfterFence(services, customer, services.sweepAfter);
      if (waits > 0) return next({ step: 'sweep' }, Math.min(waits, LONGEST_DELAY));
      return next(await sweepPartitions(services, message, hasTime));
    }
    case 'finish': {
      const delay = await finishDiscarding(services, customer, hasTime);
      if (delay !== undefined) await next({ step: 'finish' }, delay);
    }
  }
}
