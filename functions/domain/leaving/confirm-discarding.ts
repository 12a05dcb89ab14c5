import { readAdministrator } from '../../table/administrators.ts';
import { keepConfirmingMail } from '../../table/customers/customer-status.ts';
import { transact } from '../../table/engine/transaction.ts';
import { deleteMail, putMailWith, readMail } from '../../table/mails.ts';
import type { DiscardingServices } from '../discarding.ts';
import { confirmingMailId, newMail } from '../mail/new-mail.ts';
import { DAY, MINUTE, SECOND } from '../time.ts';
import type { LeavingCustomer } from './leaving-customer.ts';

/** The time, in milliseconds, after which the service stops trying to send the e-mail that confirms the discarding. */
const TRIES_LAST = DAY;
/**
 * The shortest and the longest time, in milliseconds, between two checks of whether SES accepted the confirming e-mail.
 */
const SHORTEST_WAIT = 10 * SECOND;
const LONGEST_WAIT = 10 * MINUTE;

/**
 * Confirms the discarding to the representative by e-mail. Returns how long to wait, in milliseconds, before the next
 * call, which checks whether SES accepted the e-mail. Returns undefined when no further call is needed: SES has
 * accepted or permanently refused the e-mail, SES has not accepted the e-mail within a day, or the e-mail has no
 * recipient.
 *
 * The first call stores the e-mail in the table. `sendMail` then sends the e-mail and deletes the stored e-mail. The
 * transaction that stores the e-mail also records in the customer item that the e-mail is stored, so that no later call
 * stores a second e-mail. Each wait is as long as all earlier waits together, but at most 10 minutes. In a day, this
 * makes about 150 checks.
 */
export async function confirmDiscarding(
  { table, clock, log, requestId }: DiscardingServices,
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
      {
        template: 'unsubscribed',
        to: representative.email,
        language: representative.language,
        customerId,
        customerName: name,
        discarded: found,
      },
      now,
      requestId,
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
  if (waited < TRIES_LAST) {
    // The last check takes place one day after the e-mail was stored. After that day, DynamoDB may delete the e-mail's
    // expired item even if SES never accepted the e-mail.
    return Math.min(Math.max(waited, SHORTEST_WAIT), LONGEST_WAIT, TRIES_LAST - waited);
  }
  log.error('the e-mail that confirms unsubscribing was not accepted within a day', { customerId });
  await deleteMail(table, mail.mailId);
  return undefined;
}
