import { putClosingRecord, type ClosingRecord } from '../../table/closing-records.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { transact } from '../../table/engine/transaction.ts';
import { startUnsubscribing } from '../../table/customers/customer-status.ts';
import { discardItems } from './discard-items.ts';
import type { DiscardingServices, ToDiscard } from '../discarding.ts';
import type { CalendarServices } from '../services.ts';

/**
 * The number of customers that were discarded again (`discarded`), and the number of customers that the backup did not
 * contain (`absent`).
 */
export interface ReapplyReport {
  discarded: number;
  absent: number;
}

/**
 * Discards again every customer that has a closing record in `records`. A closing record is the record that the service
 * keeps of a discarded customer. The function requires that the table was restored from a backup and that the service
 * does not use the table yet. The function uses no queue and does not wait between the steps of the discarding, because
 * no other process writes to the table. The function sends no e-mail, because each customer got an e-mail when the
 * customer was first discarded. If the process dies, a second call with the same records discards the remaining
 * customers. Throws when another process changes a customer during the call.
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
      if (failures)
        throw new Error(
          `${customerId} was changed meanwhile. The service must not use the table before this command has finished.`,
        );
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

/** Discards a customer that has the status `unsubscribing`, within this process and without the queue. */
async function discardAtOnce(services: CalendarServices, customerId: string): Promise<void> {
  const queue: ToDiscard[] = [{ what: 'customer', customerId, step: 'count' }];
  const discarding: DiscardingServices = {
    ...services,
    discard: (messages) => {
      queue.push(...messages);
      return Promise.resolve();
    },
    // The customer's closing record was stored when the customer was first discarded, so the record need not be stored
    // again.
    keepClosingRecord: () => Promise.resolve(),
    sweepAfter: 0,
  };
  for (let message = queue.shift(); message; message = queue.shift()) {
    await discardItems(discarding, message, () => true);
  }
}
