import { putClosingRecord, type ClosingRecord } from '../../table/closing-records.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { transact } from '../../table/engine/transaction.ts';
import { startUnsubscribing } from '../../table/customers/customer-status.ts';
import { discardItems } from './discard-items.ts';
import type { DiscardingServices, ToDiscard } from '../discarding.ts';
import type { CalendarServices } from '../services.ts';

/** How many customers a backup had brought back, which were discarded again, and how many it had not. */
export interface ReapplyReport {
  discarded: number;
  absent: number;
}

/**
 * Discards again, in a table that was restored from a backup and does not serve yet, every customer that had unsubscribed
 * by the closing records. No queue, no waiting and no e-mail: nobody else writes, and the customers were told. If the
 * process dies, the same again goes on from there.
 */
export async function reapplyClosingRecords(
  services: CalendarServices,
  records: readonly ClosingRecord[],
): Promise<ReapplyReport> {
  const { table, log } = services;
  const report: ReapplyReport = { discarded: 0, absent: 0 };
  for (const record of records) {
    const { customerId, unsubscribedAt } = record;
    const customer = await readCustomer(table, customerId, 'strong');
    if (customer) {
      const failures = await transact(table, {
        customer: startUnsubscribing(customer, { startedAt: unsubscribedAt, by: 'nobody', discards: true }),
      });
      if (failures) throw new Error(`${customerId} is being changed: the table must not serve before this is done.`);
      await discardAtOnce(services, customerId);
      log.info('a customer was discarded again', { customerId });
      report.discarded += 1;
    } else {
      report.absent += 1;
    }
    await transact(table, { record: putClosingRecord(record) });
  }
  return report;
}

/** Discards a customer behind its fence, in this process. */
async function discardAtOnce(services: CalendarServices, customerId: string): Promise<void> {
  const queue: ToDiscard[] = [{ what: 'customer', customerId, step: 'count' }];
  const discarding: DiscardingServices = {
    ...services,
    discard: (messages) => {
      queue.push(...messages);
      return Promise.resolve();
    },
    // It is kept already.
    keepClosingRecord: () => Promise.resolve(),
    sweepAfter: 0,
  };
  for (let message = queue.shift(); message; message = queue.shift()) {
    await discardItems(discarding, message, () => true);
  }
}
