import { discardAdministrator, readAllAdministrators, type Administrator } from '../../table/administrators.ts';
import { putClosingRecord } from '../../table/closing-records.ts';
import { deleteCustomer } from '../../table/customers/customer-status.ts';
import { emptyPartitionOfCustomer } from '../../table/discarding/partitions.ts';
import { letGoOfEmail } from '../../table/emails.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { dropLinkLimit } from '../../table/limits/link-limits.ts';
import { dropNoticeLimit } from '../../table/limits/notice-limits.ts';
import type { DiscardingServices } from '../discarding.ts';
import { anonymousBuckets, customerBuckets } from '../mail/link-allowances.ts';
import { confirmDiscarding } from './confirm-discarding.ts';
import { discardOwnedItems } from './discard-owned-items.ts';
import type { LeavingCustomer } from './leaving-customer.ts';

/**
 * Empties a customer's own partition, confirms the discarding by e-mail, and then discards the administrators, their
 * e-mail addresses and, last, the customer. Returns the time, in milliseconds, after which the calling function must
 * call this function again. Returns undefined when the customer is completely discarded.
 */
export async function finishDiscarding(
  services: DiscardingServices,
  customer: LeavingCustomer,
  hasTime: () => boolean,
): Promise<number | undefined> {
  const { table, clock, log } = services;
  const { customerId, representativeId, unsubscription } = customer;
  const owned = await discardOwnedItems(services, customer, hasTime);
  const partition = owned.isEmpty ? await emptyPartitionOfCustomer(table, customerId, hasTime) : owned;
  if (!partition.isEmpty) return 0;
  const wait = await confirmDiscarding(services, customer);
  if (wait !== undefined) return wait;

  const administrators = await readAllAdministrators(table, customerId);
  const others = administrators.filter(({ administratorId }) => administratorId !== representativeId);
  for (const administrator of others) {
    // The transaction fails if another delivery of the same queue message has already discarded the administrator. This
    // failure does no harm.
    await transact(table, discardingOf(administrator));
    if (!hasTime()) return 0;
  }
  const record = {
    customerId,
    unsubscribedAt: unsubscription.startedAt,
    discardedAt: clock.now(),
    discarded: unsubscription.found ?? {},
  };
  await services.keepClosingRecord(record);
  const representative = administrators.find(({ administratorId }) => administratorId === representativeId);
  const failures = await transact(table, {
    customer: deleteCustomer(customerId),
    ...discardingOf(representative),
    noticeLimit: dropNoticeLimit(customerId),
    record: putClosingRecord(record),
  });
  if (!failures) log.info('a customer was discarded', { ...record });
  return undefined;
}

/**
 * Returns the writes that discard an administrator and the items that are stored under the administrator's e-mail
 * address.
 */
const discardingOf = (administrator: Administrator | undefined) => ({
  email: administrator && letGoOfEmail(administrator),
  ...(administrator && linkLimitsOf(administrator)),
  administrator: administrator && discardAdministrator(administrator),
});

/** Returns the writes that delete the limits of links to an administrator's e-mail address. */
const linkLimitsOf = ({ email, customerId }: Administrator): Record<string, Write> =>
  Object.fromEntries(
    [...anonymousBuckets(email), ...customerBuckets(email, customerId)].map(({ of }) => [
      `linkLimit ${of[0] ?? ''}`,
      dropLinkLimit(of),
    ]),
  );
