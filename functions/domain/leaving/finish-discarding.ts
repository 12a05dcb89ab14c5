import { discardAdministrator, readAllAdministrators, type Administrator } from '../../table/administrators.ts';
import { putClosingRecord } from '../../table/closing-records.ts';
import { deleteCustomer } from '../../table/customers/customer-status.ts';
import { emptyPartitionOfCustomer } from '../../table/discarding/partitions.ts';
import { freeEmail, readEmail } from '../../table/emails.ts';
import type { Table } from '../../table/engine/client.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { dropLinkLimit } from '../../table/limits/link-limits.ts';
import { dropNoticeLimit } from '../../table/limits/notice-limits.ts';
import type { DiscardingServices } from '../discarding.ts';
import { anonymousBucket, customerBuckets } from '../mail/link-allowances.ts';
import { confirmDiscarding } from './confirm-discarding.ts';
import { discardOwnedItems } from './discard-owned-items.ts';
import type { LeavingCustomer } from './leaving-customer.ts';
import { waitForSummary } from './wait-for-summary.ts';

/**
 * Empties a customer's own partition, waits until the summary of the operators no longer contains the customer,
 * confirms the discarding by e-mail, and then discards the administrators, their e-mail addresses and, last, the
 * customer. Returns the time, in milliseconds, after which the calling function must call this function again. Returns
 * undefined when the customer is completely discarded.
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
  const waits = await waitForSummary(services, unsubscription);
  if (waits !== undefined) return waits;
  const wait = await confirmDiscarding(services, customer);
  if (wait !== undefined) return wait;

  const administrators = await readAllAdministrators(table, customerId);
  const others = administrators.filter(({ administratorId }) => administratorId !== representativeId);
  for (const administrator of others) {
    const failures = await transact(table, await discardingOf(table, administrator));
    // The transaction fails if, after the read, somebody else claimed the address or proved that it is theirs, or if
    // another delivery of the same queue message has discarded the administrator. The next call reads everything again.
    if (failures || !hasTime()) return 0;
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
    ...(representative && (await discardingOf(table, representative))),
    noticeLimit: dropNoticeLimit(customerId),
    record: putClosingRecord(record),
  });
  if (failures && 'email' in failures) return 0;
  if (!failures) log.info('a customer was discarded', { ...record });
  return undefined;
}

/**
 * Returns the writes that discard an administrator and the items that are stored under the administrator's e-mail
 * address. An invited administrator may only claim the address, or not even that, so the function reads who owns or
 * claims the address now. Only the owner's own link limit is discarded: the limit of an address that another customer's
 * administrator owns stays.
 */
async function discardingOf(table: Table, administrator: Administrator) {
  const { customerId, email } = administrator;
  const owner = await readEmail(table, email);
  const isOurs = owner?.customerId === customerId;
  return {
    email: isOurs ? freeEmail(owner) : undefined,
    ...(isOurs || !owner ? linkLimitsOf(administrator) : {}),
    administrator: discardAdministrator(administrator),
  };
}

/** Returns the writes that delete the limits of links to an administrator's e-mail address. */
const linkLimitsOf = ({ email, customerId }: Administrator): Record<string, Write> =>
  Object.fromEntries(
    [anonymousBucket(email), ...customerBuckets(email, customerId)].map(({ of }) => [
      `linkLimit ${of[0] ?? ''}`,
      dropLinkLimit(of),
    ]),
  );
