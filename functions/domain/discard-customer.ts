import pMap from 'p-map';
import {
  discardAdministrator,
  readAdministrator,
  readAllAdministrators,
  type Administrator,
} from '../table/administrators.ts';
import { putClosingRecord } from '../table/closing-records.ts';
import { readCustomer, type Customer } from '../table/customers.ts';
import { deleteItems, emptyPartition } from '../table/deletes.ts';
import { letGoOfEmail } from '../table/emails.ts';
import { dropLinkLimit } from '../table/link-limits.ts';
import { customerPartition, kindOf, mailKey, ownedOf } from '../table/keys.ts';
import { deleteMail, putMailWith, readMail } from '../table/mails.ts';
import { findAll, readKeys } from '../table/reads.ts';
import { transact } from '../table/transaction.ts';
import { deleteCustomer, keepConfirmingMail, keepFound, type Unsubscription } from '../table/unsubscriptions.ts';
import { countItems, PARTITIONS_AT_ONCE, readPartitions } from './customer-items.ts';
import type { CustomerToDiscard, DiscardingServices, PartitionToDiscard } from './discarding.ts';
import { newMail } from './mails.ts';
import { DAY, MINUTE, SECOND } from './time.ts';

/** A customer that is to be discarded. */
type Leaving = Customer & { readonly unsubscription: Unsubscription };

/** The longest that the queue delays a message. */
const LONGEST_DELAY = 15 * MINUTE;
/** "… or a day of tries failed." */
const TRIES_LAST = DAY;
/** Between two looks whether the confirming e-mail was accepted. */
const LOOKS_AGAIN = 10 * SECOND;

/**
 * Does the next step of discarding a customer behind its fence, and hands on what follows.
 *
 *     announce   count what there is; a message for each partition of its RPs that has something; sessions, links and keys
 *     sweep      when no request or event that began before the fence can still write: look through all partitions
 *                again, empty what is left, until all are seen empty
 *     finish     its own partition; the confirming e-mail; then addresses, administrators and, last, the customer
 *
 * Each message may come more than once, also at the same time, and the process may die anywhere: a step that is done
 * again finds less to do, what follows a step is handed on before its message is taken off the queue, and the customer
 * item, which leads to everything else, goes last. A message for a customer that has no fence comes to nothing.
 */
export async function discardCustomer(
  services: DiscardingServices,
  message: CustomerToDiscard,
  hasTime: () => boolean,
): Promise<void> {
  const customer = await readCustomer(services.table, message.customerId, 'strong');
  if (!isLeaving(customer)) return;
  const next = (step: CustomerToDiscard['step'], delay = 0) => services.discard([{ ...message, step }], delay);

  switch (message.step) {
    case 'announce':
      await announce(services, customer);
      return next('sweep');
    case 'sweep': {
      const waits = customer.unsubscription.startedAt + services.sweepAfter - services.clock.now();
      if (waits > 0) return next('sweep', Math.min(waits, LONGEST_DELAY));
      return next((await sweep(services, customer, hasTime)) ? 'finish' : 'sweep');
    }
    case 'finish': {
      const outcome = await finish(services, customer, hasTime);
      if (outcome === 'to-be-continued') return next('finish');
      if (outcome === 'waits-for-mail') return next('finish', LOOKS_AGAIN);
    }
  }
}

/** Discards what is in one partition of a customer that unsubscribes; a message for any other comes to nothing. */
export async function discardPartition(
  { table, discard }: DiscardingServices,
  message: PartitionToDiscard,
  hasTime: () => boolean,
): Promise<void> {
  if (!isLeaving(await readCustomer(table, message.customerId, 'strong'))) return;
  if ((await emptyPartition(table, message, hasTime)) === 'to-be-continued') await discard([message], 0);
}

function isLeaving(customer: Customer | undefined): customer is Leaving {
  return customer?.status === 'unsubscribing' && customer.unsubscription?.discards === true;
}

async function announce(services: DiscardingServices, customer: Leaving): Promise<void> {
  const { table, discard } = services;
  const { customerId, unsubscription } = customer;
  const { counts, partitions } = await countItems(services, customer);
  await keepFound(table, customerId, counts);
  await services.keepClosingRecord({
    customerId,
    unsubscribedAt: unsubscription.startedAt,
    discardedAt: null,
    discarded: unsubscription.found ?? counts,
  });
  await discardOwned(services, customer);
  const messages = partitions
    .filter(({ items }) => items > 0)
    .map(({ range: { pk } }) => ({ what: 'partition', customerId, pk }) as const);
  await discard(messages, 0);
}

/** Discards sessions, links, API keys and e-mails that were to be sent; addresses stay taken until the end. */
async function discardOwned({ table }: DiscardingServices, { customerId, unsubscription }: Leaving): Promise<void> {
  const confirming = unsubscription.mail && mailKey(unsubscription.mail.mailId).pk;
  const owned = await findAll(table, ownedOf(customerId));
  await deleteItems(
    table,
    owned.filter((key) => kindOf(key) !== 'email' && key.pk !== confirming),
  );
}

/** Looks whether all partitions are empty, and empties those that are not. Gives whether all were. */
async function sweep(services: DiscardingServices, customer: Leaving, hasTime: () => boolean): Promise<boolean> {
  const { table } = services;
  const wereEmpty = await pMap(
    await readPartitions(services, customer),
    async ({ range }) => {
      if (!hasTime()) return false;
      const { items } = await readKeys(table, range, 1);
      if (items.length > 0) await emptyPartition(table, range, hasTime);
      return items.length === 0;
    },
    { concurrency: PARTITIONS_AT_ONCE },
  );
  return wereEmpty.every(Boolean);
}

async function finish(services: DiscardingServices, customer: Leaving, hasTime: () => boolean) {
  const { table, clock, log } = services;
  const { customerId, representativeId, unsubscription } = customer;
  await discardOwned(services, customer);
  const outcome = await emptyPartition(table, customerPartition(customerId), hasTime, (key) =>
    ['customer', 'administrator'].includes(kindOf(key)),
  );
  if (outcome === 'to-be-continued') return outcome;
  if (unsubscription.by !== 'nobody' && !(await isConfirmed(services, customer))) return 'waits-for-mail';

  const administrators = await readAllAdministrators(table, customerId);
  const others = administrators.filter(({ administratorId }) => administratorId !== representativeId);
  for (const administrator of others) {
    // A failure means that another delivery of this message was first.
    await transact(table, leavingOf(administrator));
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
    ...leavingOf(representative),
    record: putClosingRecord(record),
  });
  if (!failures) log.info('a customer was discarded', { ...record });
  return 'discarded';
}

/** Gives the writes that discard an administrator and what is kept by their address. */
const leavingOf = (administrator: Administrator | undefined) => ({
  email: administrator && letGoOfEmail(administrator),
  linkLimit: administrator && dropLinkLimit(administrator.email),
  administrator: administrator && discardAdministrator(administrator),
});

/**
 * Gives whether the confirming e-mail was accepted, or a day of tries failed. At first it leaves the e-mail to be sent, in
 * one transaction with where it is noted: it is left once.
 */
async function isConfirmed({ table, clock, log }: DiscardingServices, customer: Leaving): Promise<boolean> {
  const { customerId, name, representativeId, unsubscription } = customer;
  const now = clock.now();
  const { mail, found = {} } = unsubscription;
  if (!mail) {
    const representative = await readAdministrator(table, customerId, representativeId, 'strong');
    if (!representative) return true;
    const [confirming, ttl] = newMail(
      { template: 'unsubscribed', to: representative.email, customerId, customerName: name, discarded: found },
      now,
    );
    await transact(table, {
      customer: keepConfirmingMail(customerId, { mailId: confirming.mailId, leftAt: now }),
      mail: putMailWith(confirming, ttl),
    });
    return false;
  }
  if (!(await readMail(table, mail.mailId))) return true;
  if (now < mail.leftAt + TRIES_LAST) return false;
  log.error('the e-mail that confirms unsubscribing was not accepted within a day', { customerId });
  await deleteMail(table, mail.mailId);
  return true;
}
