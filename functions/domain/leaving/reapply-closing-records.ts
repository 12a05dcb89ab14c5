import { putClosingRecord, readClosingRecord, type ClosingRecord } from '../../table/closing-records.ts';
import { pendingUnsubscription, readCustomer } from '../../table/customers/customers.ts';
import { eachPageOfCustomers } from '../../table/customers/find-customers.ts';
import { discardSummary } from '../../table/operator-summary.ts';
import { cancelUnsubscriptionRequest } from '../../table/customers/unsubscription-requests.ts';
import { transact } from '../../table/engine/transaction.ts';
import { startUnsubscribing } from '../../table/customers/customer-status.ts';
import { discardItems } from './discard-items.ts';
import type { DiscardingServices, ToDiscard } from '../discarding.ts';
import type { CalendarServices } from '../services.ts';

export type ReapplyServices = CalendarServices & Pick<DiscardingServices, 'keepClosingRecord'>;

/** The number of customers of each kind. */
export interface ReapplyReport {
  /** Customers that were discarded again. */
  discarded: number;
  /** Customers with a closing record that the backup did not contain. */
  absent: number;
  /** Customers whose unsubscription was pending in the backup, and was cancelled. */
  cancelled: number;
}

/**
 * Discards again every customer that has a closing record in `records`. A closing record is the record that the service
 * keeps of a discarded customer. The function requires that the table was restored from a backup and that the service
 * does not use the table yet. The function uses no queue and does not wait between the steps of the discarding, because
 * no other process writes to the table. The function sends no e-mail, because each customer got an e-mail when the
 * customer was first discarded. If the process dies, a second call with the same records discards the remaining
 * customers. Throws when another process changes a customer during the call.
 *
 * If a record says that the discarding had only begun, stores in both tables that it is complete: no process will
 * complete it on the restored table.
 *
 * Also cancels each unsubscription that was pending at the time of the backup, because somebody may have cancelled it
 * after that time. Without this step, the first hourly run could discard a customer that has decided to stay. The
 * function logs the ID of each such customer and sends no e-mail, so the operator must tell these customers.
 */
export async function reapplyClosingRecords(
  services: ReapplyServices,
  records: readonly ClosingRecord[],
): Promise<ReapplyReport> {
  const { table, log } = services;
  const report: ReapplyReport = { discarded: 0, absent: 0, cancelled: 0 };
  // The summary in the backup names customers that were discarded later. The next hourly run makes a new one.
  await discardSummary(table);
  for (const record of records) {
    const { customerId, unsubscribedAt } = record;
    const customer = await readCustomer(table, customerId, 'strong');
    if (customer) {
      const failures = await transact(table, {
        customer: startUnsubscribing(customer, { startedAt: unsubscribedAt, by: 'nobody', discards: true }),
      });
      if (failures) throw changedMeanwhile(customerId);
      await discardAtOnce(services, customerId);
      log.info('a customer was discarded again', { customerId });
      report.discarded += 1;
    } else {
      report.absent += 1;
    }
    await storeComplete(services, record);
  }
  for await (const customers of eachPageOfCustomers(table)) {
    for (const customer of customers) {
      const { customerId } = customer;
      if (!pendingUnsubscription(customer)) continue;
      if (await transact(table, { customer: cancelUnsubscriptionRequest(customer) }))
        throw changedMeanwhile(customerId);
      log.info('a pending unsubscription was cancelled', { customerId });
      report.cancelled += 1;
    }
  }
  return report;
}

/**
 * Stores the closing record of a discarded customer in the restored table. If the record is not complete, completes it
 * here and in the table of closing records: with the record that `discardAtOnce` has stored, or with the current time
 * if the backup did not contain the customer. If the process dies between the two writes, the next call finds a
 * complete record.
 */
async function storeComplete({ table, clock, keepClosingRecord }: ReapplyServices, record: ClosingRecord) {
  const { customerId, unsubscribedAt } = record;
  let complete = record;
  if (record.discardedAt === null) {
    const own = await readClosingRecord(table, customerId);
    const { discardedAt, discarded } = own?.discardedAt ? own : { ...record, discardedAt: clock.now() };
    complete = { customerId, unsubscribedAt, discardedAt, discarded };
    await keepClosingRecord(complete);
  }
  await transact(table, { record: putClosingRecord(complete) });
}

const changedMeanwhile = (customerId: string) =>
  new Error(
    `${customerId} was changed meanwhile. The service must not use the table before this command has finished.`,
  );

/** Discards a customer that has the status `unsubscribing`, within this process and without the queue. */
async function discardAtOnce(services: ReapplyServices, customerId: string): Promise<void> {
  const queue: ToDiscard[] = [{ what: 'customer', customerId, step: 'count' }];
  const discarding: DiscardingServices = {
    ...services,
    discard: (messages) => {
      queue.push(...messages);
      return Promise.resolve();
    },
    // The table of closing records has the record of the first discarding already. `storeComplete` completes it.
    keepClosingRecord: () => Promise.resolve(),
    sweepAfter: 0,
  };
  for (let message = queue.shift(); message; message = queue.shift()) {
    await discardItems(discarding, message, () => true);
  }
}
