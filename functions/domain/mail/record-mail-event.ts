import { markUndeliverable } from '../../table/administrators.ts';
import { bounceAlert, type AlertId } from '../../table/alerts.ts';
import { readEmail } from '../../table/emails.ts';
import { updateNotification } from '../../table/customers/notifications.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Services } from '../services.ts';

/** What is told of an e-mail after it was accepted: that it did not arrive, or was not welcome. */
export interface MailEvent {
  readonly kind: 'bounce' | 'complaint' | 'reject';
  /** Whether other e-mails to the address would not arrive either. */
  readonly isForGood: boolean;
  readonly to: string;
  readonly messageId: string;
  /** The alert that it was, if it was one. */
  readonly alert?: AlertId | undefined;
}

/**
 * Records that an e-mail did not arrive: with the alert that it was, for the Customer view, and for good with whoever
 * has the address. It may come twice, in any order, and before it is recorded that the alert was sent. Nothing that was
 * discarded meanwhile comes back. If the process dies between two writes, the event comes again and does the rest.
 */
export async function recordMailEvent(services: Services, event: MailEvent): Promise<void> {
  const { table, clock, log } = services;
  const { kind, isForGood, to, messageId, alert } = event;
  log.warn('an e-mail did not arrive', { kind, isForGood, messageId, ...alert });
  if (alert) {
    const bounced = bounceAlert(alert, messageId);
    const failures = await transact(table, {
      alert: bounced,
      customer: updateNotification(alert, { status: 'bounced', at: clock.now() }),
    });
    if (failures?.customer) await transact(table, { alert: bounced });
  }
  const owner = isForGood ? await readEmail(table, to) : undefined;
  if (owner) await markUndeliverable(table, owner);
}
