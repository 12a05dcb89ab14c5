import type { Customer } from '../../table/customers/customers.ts';
import { keepAnnounced } from '../../table/customers/customer-status.ts';
import { AFTER_THE_REQUEST, type AnnouncingServices } from '../discarding.ts';
import { eachPageOfCustomers } from '../../table/customers/find-customers.ts';
import { DAY } from '../time.ts';

/**
 * The time, in milliseconds, within which the service normally discards all data of a customer. If the discarding takes
 * longer, the customer's message in the discarding queue may have been lost, so the next hourly run sends another
 * message.
 */
const DISCARDED_WITHIN = 2 * DAY;

/**
 * The number of customers whose discarding an hourly run began or resumed. Each member counts the customers for one
 * reason.
 */
export interface BeginReport {
  /** Customers that the operator unsubscribed and whose final statements are written to a file. */
  ended: number;
  /** Customers whose discarding made no progress. */
  resumed: number;
}

/**
 * Begins to discard customers that the operator unsubscribed and whose discarding the operator has allowed. Also
 * resumes each discarding that makes no progress. Returns the number of customers for each of these reasons. The
 * function sends a customer's queue message before the function writes to the customer item. If the process dies before
 * the write, the next run sends the message again, and a second message does no harm.
 */
export async function beginDiscarding(services: AnnouncingServices, hasTime: () => boolean): Promise<BeginReport> {
  const { table, clock, log, discard } = services;
  const report: BeginReport = { ended: 0, resumed: 0 };
  for await (const customers of eachPageOfCustomers(table)) {
    if (!hasTime()) break;
    for (const customer of customers) {
      const reason = reasonToBegin(customer, clock.now());
      if (!reason) continue;
      const { customerId } = customer;
      await discard([{ what: 'customer', customerId, step: 'count' }], AFTER_THE_REQUEST);
      if (await keepAnnounced(table, customerId, clock.now())) report[reason] += 1;
      if (reason === 'resumed') log.warn('the discarding of a customer stood still', { customerId });
    }
  }
  return report;
}

function reasonToBegin(customer: Customer, now: number): keyof BeginReport | undefined {
  const { status, unsubscription } = customer;
  if (status !== 'unsubscribing' || unsubscription?.discards !== true) return undefined;
  const { by, startedAt, announcedAt } = unsubscription;
  if (by === 'operator' && announcedAt === undefined) return 'ended';
  return now >= (announcedAt ?? startedAt) + DISCARDED_WITHIN ? 'resumed' : undefined;
}
