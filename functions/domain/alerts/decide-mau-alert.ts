import { putAlert, type AlertId } from '../../table/alerts.ts';
import { notifyOf, type NotifiedLevel } from '../../table/customers/notifications.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Calendar } from '../calendar.ts';
import { MONTHS_KEPT } from '../retention.ts';
import type { Services } from '../services.ts';
import { toTtl } from '../time.ts';

/** A customer and a month in which the customer's MAU exceeds a threshold of the customer's MAU alert. */
export interface Exceeded extends Omit<AlertId, 'administratorId'>, NotifiedLevel {
  /** The customer's total MAU in that month. */
  readonly mau: number;
}

/**
 * Stores the decision to send an alert to the customer's representative, and returns true. For each combination of
 * customer, month and threshold, the service decides to send at most one alert. Returns false and writes nothing when
 * the alert is already decided, when the customer has changed its MAU alert setting, or when the customer is
 * unsubscribing. One transaction stores the alert and updates the customer's last notification in the customer item. So
 * if the process dies, the table contains both changes or neither change.
 */
export async function decideMauAlert(
  { table, clock, calendar }: Pick<Services, 'table' | 'clock'> & { readonly calendar: Calendar },
  { customerId, month, threshold, mau, level, licenseVersion }: Exceeded,
): Promise<boolean> {
  const now = clock.now();
  const expiresAt = calendar.endOf(calendar.plus(month, MONTHS_KEPT));
  const failures = await transact(table, {
    alert: putAlert({ customerId, month, threshold, mau, status: 'pending', decidedAt: now }, toTtl(expiresAt)),
    customer: notifyOf(customerId, { month, threshold, status: 'pending', at: now }, { level, licenseVersion }),
  });
  return !failures;
}
