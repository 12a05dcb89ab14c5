import { markUndeliverable } from '../../table/administrators.ts';
import { bounceAlert, type AlertId } from '../../table/alerts.ts';
import { readEmail } from '../../table/emails.ts';
import { updateNotification } from '../../table/customers/notifications.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Services } from '../services.ts';

/**
 * An event that SES reports about an e-mail that SES had accepted: the e-mail did not arrive, or the recipient
 * complained about the e-mail.
 */
export interface MailEvent {
  readonly kind: 'bounce' | 'complaint' | 'reject';
  /** Whether the e-mail reached the recipient. */
  readonly arrived: boolean;
  /** Whether SES delivers no further e-mails to the recipient's address. */
  readonly isSuppressed: boolean;
  readonly to: string;
  readonly messageId: string;
  /** The MAU alert that the e-mail contained. @default - the e-mail contained no alert */
  readonly alert?: AlertId | undefined;
}

/**
 * Records that an e-mail did not arrive or that its recipient complained. If the e-mail was an MAU alert and did not
 * arrive, marks the alert as bounced, and the Customer view shows this mark. If SES delivers no further e-mails to the
 * recipient's address, records that e-mails do not reach the administrator who has this address.
 *
 * SES may deliver events twice and in any order, and may deliver an event before the service has recorded the alert as
 * sent. The function never recreates an item that was discarded before the event arrived. If the process dies between
 * two writes, SES's event is delivered again, and the next call of the function repeats the writes.
 */
export async function recordMailEvent(services: Services, event: MailEvent): Promise<void> {
  const { table, clock, log } = services;
  const { kind, arrived, isSuppressed, to, messageId, alert } = event;
  log.warn('SES reported a problem with an e-mail', { kind, arrived, isSuppressed, messageId, ...alert });
  if (alert && !arrived) {
    const bounced = bounceAlert(alert, messageId);
    // The last notification is about the e-mail to the representative, not about its copies.
    const isCopy = alert.administratorId !== undefined;
    const failures = await transact(table, {
      alert: bounced,
      customer: isCopy ? undefined : updateNotification(alert, { status: 'bounced', at: clock.now() }),
    });
    if (failures?.customer) await transact(table, { alert: bounced });
  }
  const owner = isSuppressed ? await readEmail(table, to) : undefined;
  if (owner) await markUndeliverable(table, owner);
}
