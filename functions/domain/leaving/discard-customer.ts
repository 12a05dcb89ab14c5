import pMap from 'p-map';
import {
  discardAdministrator,
  readAdministrator,
  readAllAdministrators,
  type Administrator,
} from '../../table/administrators.ts';
import { putClosingRecord } from '../../table/closing-records.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import { deleteItems, emptyPartition } from '../../table/engine/deletes.ts';
import { letGoOfEmail } from '../../table/emails.ts';
import { dropLinkLimit } from '../../table/signing-in/link-limits.ts';
import { customerPartition, kindOf, mailKey, ownedOf, rpOfPartition } from '../../table/keys.ts';
import { deleteMail, putMailWith, readMail } from '../../table/mails.ts';
import { findAll, readKeys } from '../../table/engine/reads.ts';
import { readRp, readRps, type Rp } from '../../table/rps.ts';
import { transact } from '../../table/engine/transaction.ts';
import { deleteCustomer, keepConfirmingMail, keepFound } from '../../table/customers/customer-status.ts';
import type { Unsubscription } from '../../table/customers/customers.ts';
import {
  addTo,
  countOwnItems,
  countPartitions,
  lastActiveMonth,
  partitionsOf,
  PARTITIONS_AT_ONCE,
} from './customer-items.ts';
import type { CustomerToDiscard, DiscardingServices, PartitionToDiscard } from '../discarding.ts';
import { confirmingMailId, newMail } from '../mail/new-mail.ts';
import { DAY, MINUTE, SECOND } from '../time.ts';
import { waitAfterFence } from './wait-after-fence.ts';

/** A customer that is to be discarded. */
type Leaving = Customer & { readonly unsubscription: Unsubscription };

/** A step, and where it goes on. */
type Step = Omit<CustomerToDiscard, 'what' | 'customerId'>;

/** RPs that are read together. */
const RPS_A_PAGE = 100;
/** The longest that the queue delays a message. */
const LONGEST_DELAY = 15 * MINUTE;
/** "… or a day of tries failed." */
const TRIES_LAST = DAY;
/** Between two looks whether the confirming e-mail was accepted. */
const LOOKS_AGAIN = 10 * SECOND;

/**
 * Does the next step of discarding a customer behind its fence, and hands on what follows.
 *
 *     count      what there is; sessions, links and keys go
 *     announce   a message for each partition of its RPs that has something
 *     sweep      when no request or event that began before the fence can still write: look through all partitions
 *                again, empty what is left, until all are seen empty
 *     finish     its own partition; the confirming e-mail; then addresses, administrators and, last, the customer
 *
 * The first three go from RP to RP, as long as there is time, and on behind the last one with another message. Each
 * message may come more than once, also at the same time, and the process may die anywhere: a step that is done again finds
 * less to do, what follows a step is handed on before its message is taken off the queue, and the customer item, which leads
 * to everything else, goes last. A message for a customer that has no fence comes to nothing.
 */
export async function discardCustomer(
  services: DiscardingServices,
  message: CustomerToDiscard,
  hasTime: () => boolean,
): Promise<void> {
  const customer = await readCustomer(services.table, message.customerId, 'strong');
  if (!isLeaving(customer)) return;
  const { what, customerId } = message;
  const next = (then: Step, delay = 0) => services.discard([{ what, customerId, ...then }], delay);

  switch (message.step) {
    case 'count':
      return next(await count(services, customer, message, hasTime));
    case 'announce':
      return next(await announce(services, message, hasTime));
    case 'sweep': {
      const waits = await waitAfterFence(services, customer, services.sweepAfter);
      if (waits > 0) return next({ step: 'sweep' }, Math.min(waits, LONGEST_DELAY));
      return next(await sweep(services, message, hasTime));
    }
    case 'finish': {
      const outcome = await finish(services, customer, hasTime);
      if (outcome === 'to-be-continued') return next({ step: 'finish' });
      if (outcome === 'waits-for-mail') return next({ step: 'finish' }, LOOKS_AGAIN);
    }
  }
}

/**
 * Discards what is in one partition of an RP of a customer that unsubscribes; a message for any other comes to nothing. The
 * RPs are there until all of their partitions were seen empty.
 */
export async function discardPartition(
  { table, discard }: DiscardingServices,
  message: PartitionToDiscard,
  hasTime: () => boolean,
): Promise<void> {
  const { customerId, pk } = message;
  const rpRef = rpOfPartition(pk);
  if (rpRef === undefined) return;
  const [owned, customer] = await Promise.all([
    readRp(table, customerId, rpRef, 'strong'),
    readCustomer(table, customerId, 'strong'),
  ]);
  if (!owned || !isLeaving(customer)) return;
  if ((await emptyPartition(table, message, hasTime)) === 'to-be-continued') await discard([message], 0);
}

function isLeaving(customer: Customer | undefined): customer is Leaving {
  return customer?.status === 'unsubscribing' && customer.unsubscription?.discards === true;
}

/**
 * Does some work for each RP behind the one that a message names, at least for one and as long as there is time; what
 * gives false is to be done again. Gives the last RP done when there are more, undefined when it is through.
 */
async function eachRp(
  { table }: DiscardingServices,
  { customerId, afterRp }: CustomerToDiscard,
  hasTime: () => boolean,
  work: (rp: Rp) => Promise<boolean>,
): Promise<{ afterRp: string | undefined } | undefined> {
  let after = afterRp;
  for (;;) {
    const { items, last } = await readRps(table, customerId, RPS_A_PAGE, after);
    for (const [index, rp] of items.entries()) {
      if (!(await work(rp))) return { afterRp: after };
      after = rp.id;
      const isLast = last === undefined && index === items.length - 1;
      if (!isLast && !hasTime()) return { afterRp: after };
    }
    if (last === undefined) return undefined;
  }
}

/** Counts before anything is discarded; the first count that comes to its end stays. */
async function count(
  services: DiscardingServices,
  customer: Leaving,
  message: CustomerToDiscard,
  hasTime: () => boolean,
): Promise<Step> {
  const { table } = services;
  const { customerId, unsubscription } = customer;
  const record = { customerId, unsubscribedAt: unsubscription.startedAt, discardedAt: null };
  // Outside the table from the beginning: whatever happens, a backup does not bring the customer back.
  if (!message.counts) await services.keepClosingRecord({ ...record, discarded: unsubscription.found ?? {} });
  let counts = message.counts ?? (await countOwnItems(services, customerId));
  const lastMonth = await lastActiveMonth(services, customerId);
  const more = await eachRp(services, message, hasTime, async (rp) => {
    counts = addTo(counts, await countPartitions(services, rp, lastMonth));
    return true;
  });
  if (more) return { step: 'count', counts, ...more };
  await keepFound(table, customerId, counts);
  await discardOwned(services, customer);
  return { step: 'announce' };
}

async function announce(
  services: DiscardingServices,
  message: CustomerToDiscard,
  hasTime: () => boolean,
): Promise<Step> {
  const { table, discard } = services;
  const { customerId } = message;
  const lastMonth = await lastActiveMonth(services, customerId);
  const more = await eachRp(services, message, hasTime, async (rp) => {
    const looked = await pMap(
      partitionsOf(rp, services, lastMonth),
      async ({ range }) => ({ pk: range.pk, isEmpty: (await readKeys(table, range, 1)).items.length === 0 }),
      { concurrency: PARTITIONS_AT_ONCE },
    );
    const filled = looked.filter(({ isEmpty }) => !isEmpty);
    await discard(
      filled.map(({ pk }) => ({ what: 'partition', customerId, pk })),
      0,
    );
    return true;
  });
  return more ? { step: 'announce', ...more } : { step: 'sweep' };
}

/** Empties what is left in the partitions of RPs, and goes through all of them again until none had anything. */
async function sweep(services: DiscardingServices, message: CustomerToDiscard, hasTime: () => boolean): Promise<Step> {
  const { table } = services;
  let found = message.found ?? false;
  const lastMonth = await lastActiveMonth(services, message.customerId);
  const more = await eachRp(services, message, hasTime, async (rp) => {
    const outcomes = await pMap(
      partitionsOf(rp, services, lastMonth),
      async ({ range }) => {
        if ((await readKeys(table, range, 1)).items.length === 0) return 'empty';
        found = true;
        return emptyPartition(table, range, hasTime);
      },
      { concurrency: PARTITIONS_AT_ONCE },
    );
    return outcomes.every((outcome) => outcome === 'empty');
  });
  if (more) return { step: 'sweep', found, ...more };
  return found ? { step: 'sweep' } : { step: 'finish' };
}

/**
 * Discards sessions, links, API keys and e-mails that were to be sent, but for the confirming one, which another delivery
 * may have left since the customer was read; addresses stay taken until the end.
 */
async function discardOwned({ table }: DiscardingServices, { customerId, unsubscription }: Leaving): Promise<void> {
  const confirming = unsubscription.by === 'nobody' ? undefined : mailKey(confirmingMailId(customerId)).pk;
  const owned = await findAll(table, ownedOf(customerId));
  await deleteItems(
    table,
    owned.filter((key) => kindOf(key) !== 'email' && key.pk !== confirming),
  );
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
    const mailId = confirmingMailId(customerId);
    await transact(table, {
      customer: keepConfirmingMail(customerId, { mailId, leftAt: now }),
      mail: putMailWith({ ...confirming, mailId }, ttl),
    });
    return false;
  }
  if (!(await readMail(table, mail.mailId))) return true;
  if (now < mail.leftAt + TRIES_LAST) return false;
  log.error('the e-mail that confirms unsubscribing was not accepted within a day', { customerId });
  await deleteMail(table, mail.mailId);
  return true;
}
