import { eachPageOfCustomers } from '../../table/customers/find-customers.ts';
import { readRemovedRpsSince } from '../../table/removed-rps.ts';
import type { RpToDiscard, ToDiscard } from '../discarding.ts';
import type { CalendarServices } from '../services.ts';
import { DAY } from '../time.ts';
import { discardRp } from './discard-rp.ts';

/**
 * The discarding queue keeps a message for 14 days, so an RP that was removed earlier is discarded or never will be.
 */
const DISCARDED_WITHIN = 15 * DAY;

/**
 * Discards again what was registered for each RP that was removed in the 15 days before `at`, the time of the backup
 * from which the table was restored (epoch milliseconds). The worker may have discarded it after that time, and the
 * queue has no message about it any more. Requires that no other process uses the table. Returns the number of these
 * RPs. If the process dies, a second call discards the rest.
 */
export async function discardRemovedRps(services: CalendarServices, at: number): Promise<number> {
  const { table, calendar } = services;
  let rps = 0;
  for await (const customers of eachPageOfCustomers(table)) {
    for (const { customerId } of customers) {
      const firstMonth = calendar.monthOf(at - DISCARDED_WITHIN);
      for (const { id, removedAt } of await readRemovedRpsSince(table, customerId, firstMonth, 'strong')) {
        if (removedAt <= at - DISCARDED_WITHIN) continue;
        await discardAtOnce(services, { what: 'rp', customerId, id, removedBy: 0 });
        rps += 1;
      }
    }
  }
  return rps;
}

/** Discards an RP within this process and without the queue. */
async function discardAtOnce(services: CalendarServices, rp: RpToDiscard): Promise<void> {
  let isDone = false;
  const discard = (messages: readonly ToDiscard[]) => {
    isDone = messages.length === 0;
    return Promise.resolve();
  };
  while (!isDone) {
    isDone = true;
    await discardRp({ ...services, discard }, rp, () => true);
  }
}
