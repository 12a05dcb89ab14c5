import type { Customer } from '../table/customers.ts';
import { transact } from '../table/transaction.ts';
import { startUnsubscribing } from '../table/unsubscriptions.ts';
import { logChange } from './changes.ts';
import { AFTER_THE_REQUEST, type AnnouncingServices } from './discarding.ts';
import { eachPageOfCustomers } from './list-customers.ts';
import { DAY } from './time.ts';

/** "A customer that nobody activated within 7 days is discarded." */
const ACTIVATED_WITHIN = 7 * DAY;
/** Discarding that takes longer is announced again: its message may have been given up. */
const DISCARDED_WITHIN = 2 * DAY;

/** What a run did, in customers. */
export interface BeginReport {
  lapsed: number;
  resumed: number;
}

/**
 * Begins to discard the customers that nobody activated within 7 days, and announces again those whose discarding stands
 * still. The queue is told before the fence is put up, so that dying between the two loses nothing; what is announced
 * twice is discarded once. Whoever opens the activation link at this moment is either in time or finds no customer.
 */
export async function beginDiscarding(services: AnnouncingServices, hasTime: () => boolean): Promise<BeginReport> {
  const { table, clock, log, discard } = services;
  const report: BeginReport = { lapsed: 0, resumed: 0 };
  for await (const customers of eachPageOfCustomers(services)) {
    if (!hasTime()) break;
    for (const customer of customers) {
      if (hasLapsed(customer, clock.now())) await begin(customer);
      if (standsStill(customer, clock.now())) {
        await announce(customer);
        log.warn('the discarding of a customer stands still and is announced again', {
          customerId: customer.customerId,
        });
        report.resumed += 1;
      }
    }
  }
  return report;

  async function begin(customer: Customer): Promise<void> {
    const { customerId } = customer;
    await announce(customer);
    const startedAt = clock.now();
    const failures = await transact(table, {
      customer: startUnsubscribing(customer, { startedAt, by: 'nobody', discards: true }),
    });
    if (failures) return; // activated at this moment
    report.lapsed += 1;
    logChange(log, {
      actor: { operator: 'schedule' },
      what: 'customer',
      customerId,
      before: { status: 'provisional' },
      after: { status: 'unsubscribing' },
    });
  }

  async function announce({ customerId }: Customer): Promise<void> {
    await discard([{ what: 'customer', customerId, step: 'announce' }], AFTER_THE_REQUEST);
  }
}

const hasLapsed = ({ status, createdAt }: Customer, now: number) =>
  status === 'provisional' && now >= createdAt + ACTIVATED_WITHIN;

const standsStill = ({ status, unsubscription }: Customer, now: number) =>
  status === 'unsubscribing' && unsubscription?.discards === true && now >= unsubscription.startedAt + DISCARDED_WITHIN;
