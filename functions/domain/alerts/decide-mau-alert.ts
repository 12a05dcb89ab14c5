import { putAlert, type AlertId } from '../../table/alerts.ts';
import { notifyOf } from '../../table/customers/notifications.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Calendar } from '../calendar.ts';
import { MONTHS_KEPT } from '../retention.ts';
import type { Services } from '../services.ts';
import { toTtl } from '../time.ts';

/** A customer's MAU of a month that exceed its threshold. */
export interface Exceeded extends AlertId {
  readonly mau: number;
}

/**
 * Decides that a representative is to be told, once for customer, month and threshold. False, and nothing is written, when
 * that was decided before, or the setting is another one by now, or the customer is unsubscribing. One transaction with the
 * customer's last notification: if the process dies, both are there or neither.
 */
export async function decideMauAlert(
  { table, clock, calendar }: Pick<Services, 'table' | 'clock'> & { readonly calendar: Calendar },
  { customerId, month, threshold, mau }: Exceeded,
): Promise<boolean> {
  const now = clock.now();
  const expiresAt = calendar.endOf(calendar.plus(month, MONTHS_KEPT));
  const failures = await transact(table, {
    alert: putAlert({ customerId, month, threshold, mau, status: 'pending', decidedAt: now }, toTtl(expiresAt)),
    customer: notifyOf(customerId, { month, threshold, status: 'pending', at: now }),
  });
  return !failures;
}
