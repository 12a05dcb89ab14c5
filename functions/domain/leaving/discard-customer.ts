import { readCustomer } from '../../table/customers/customers.ts';
import type { CustomerToDiscard, DiscardingServices, DiscardingStep } from '../discarding.ts';
import { MINUTE } from '../time.ts';
import { announcePartitions } from './announce-partitions.ts';
import { countBeforeDiscarding } from './count-before-discarding.ts';
import { finishDiscarding } from './finish-discarding.ts';
import { isLeaving } from './leaving-customer.ts';
import { sweepPartitions } from './sweep-partitions.ts';
import { waitAfterFence } from './wait-after-fence.ts';

/** The longest delay that the queue allows for a message, in milliseconds. */
const LONGEST_DELAY = 15 * MINUTE;

/**
 * Performs one step in the discarding of a customer that has the status `unsubscribing`, and sends a queue message for
 * the next step. The write that set this status is called the fence, because the service refuses all later requests of
 * the customer.
 *
 *     count      counts all items of the customer; discards the customer's sessions, links and API keys
 *     announce   sends a message for each partition that belongs to an RP of the customer and is not empty
 *     sweep      waits until no request or event that began before the fence can still write; then empties all
 *                partitions of the RPs, again and again until one sweep finds all partitions empty
 *     finish     empties the customer's own partition; waits for a summary without the customer; sends the confirming
 *                e-mail; then discards the e-mail addresses, the administrators and, last, the customer item
 *
 * The first three steps process one RP after another. When the Lambda function runs out of time, the step sends another
 * queue message. The worker that receives this queue message continues after the last RP that the step has finished.
 *
 * The queue may deliver a queue message twice, even at the same time, and the process may die at any point. Three rules
 * make repeated and interrupted steps safe. A repeated step finds only the items that the first attempt has not
 * discarded. Each step sends the queue message for the next step before the queue deletes the queue message of the
 * current step. The last step deletes the customer item last, because the service finds all other items of the customer
 * through the customer item. A queue message has no effect when the customer that the message names does not have the
 * status `unsubscribing`, or when the operator unsubscribed the customer and has not allowed the discarding yet.
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
