import { readAdministrator } from '../../table/administrators.ts';
import { keepConfirmingMail } from '../../table/customers/customer-status.ts';
import { transact } from '../../table/engine/transaction.ts';
import { deleteMail, putMailWith, readMail } from '../../table/mails.ts';
import type { DiscardingServices } from '../discarding.ts';
import { confirmingMailId, newMail } from '../mail/new-mail.ts';
import { DAY, MINUTE, SECOND } from '../time.ts';
import type { LeavingCustomer } from './leaving-customer.ts';

/** "… or a day of tries failed." */
const TRIES_LAST = DAY;
/** Between two looks at the confirming e-mail: at first, and at most. */
const SHORTEST_WAIT = 10 * SECOND;
const LONGEST_WAIT = 10 * MINUTE;

/**
 * Confirms the discarding to the representative by e-mail. Returns how long to wait, in milliseconds, before looking again
 * whether the e-mail was accepted. Undefined once it was accepted or a day of tries failed.
 *
 * The first call stores the e-mail, in one transaction with a note of it: it is stored once. Each wait is as long as all
 * waits before it together, up to 10 minutes: 150 looks in a day.
 */
export async function confirmDiscarding(
  { table, clock, log }: DiscardingServices,
  customer: LeavingCustomer,
): Promise<number | undefined> {
  const { customerId, name, representativeId, unsubscription } = customer;
  const now = clock.now();
  const { by, mail, found = {} } = unsubscription;
  if (by === 'nobody') return undefined;
  if (!mail) {
    const representative = await readAdministrator(table, customerId, representativeId, 'strong');
    if (!representative) return undefined;
    const [confirming, ttl] = newMail(
      { template: 'unsubscribed', to: representative.email, customerId, customerName: name, discarded: found },
      now,
    );
    const mailId = confirmingMailId(customerId);
    await transact(table, {
      customer: keepConfirmingMail(customerId, { mailId, leftAt: now }),
      mail: putMailWith({ ...confirming, mailId }, ttl),
    });
    return SHORTEST_WAIT;
  }
  if (!(await readMail(table, mail.mailId))) return undefined;
  const waited = now - mail.leftAt;
  if (waited < TRIES_LAST) return Math.min(Math.max(waited, SHORTEST_WAIT), LONGEST_WAIT);
  log.error('the e-mail that confirms unsubscribing was not accepted within a day', { customerId });
  await deleteMail(table, mail.mailId);
  return undefined;
}
