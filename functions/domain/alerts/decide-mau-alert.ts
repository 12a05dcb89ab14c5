import { putAlert, type AlertId } from '../../table/alerts.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { notifyOf, type NotifiedLevel } from '../../table/customers/notifications.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { readWebhook } from '../../table/webhooks/webhooks.ts';
import type { Calendar } from '../calendar.ts';
import { licenseOfMonth } from '../licenses/license-of-month.ts';
import { MONTHS_KEPT } from '../retention.ts';
import type { Services } from '../services.ts';
import { toTtl } from '../time.ts';
import { putEvent, thresholdExceeded } from '../webhooks/webhook-events.ts';

/** A customer and a month in which the customer's MAU exceeds a threshold of the customer's MAU alert. */
export interface Exceeded extends Omit<AlertId, 'administratorId'>, NotifiedLevel {
  /** The customer's total MAU in that month. */
  readonly mau: number;
}

type DecideServices = Pick<Services, 'table' | 'clock'> & { readonly calendar: Calendar };

/**
 * Stores the decision to send an alert to the customer's representative, and returns true. For each combination of
 * customer, month and threshold, the service decides to send at most one alert. Returns false and writes nothing when
 * the alert is already decided, when the customer has changed its MAU alert setting, or when the customer is
 * unsubscribing. One transaction stores the alert, the event for the customer's webhook if it has one, and the
 * customer's last notification in the customer item. So if the process dies, the table contains all of these changes or
 * none.
 */
export async function decideMauAlert(
  services: DecideServices,
  { customerId, month, threshold, mau, level, licenseVersion }: Exceeded,
): Promise<boolean> {
  const { table, clock, calendar } = services;
  const now = clock.now();
  const expiresAt = calendar.endOf(calendar.plus(month, MONTHS_KEPT));
  const failures = await transact(table, {
    alert: putAlert({ customerId, month, threshold, mau, status: 'pending', decidedAt: now }, toTtl(expiresAt)),
    customer: notifyOf(customerId, { month, threshold, status: 'pending', at: now }, { level, licenseVersion }),
    event: await eventOf(services, { customerId, month, threshold, mau }),
  });
  return !failures;
}

/**
 * Returns the write that stores the event about an alert for the customer's webhook. Returns undefined when the
 * customer has no webhook. The read of the webhook is eventually consistent: it may miss a webhook that was set a
 * moment ago, and a webhook that was removed a moment ago gets no event, because the delivery reads it again.
 */
async function eventOf(
  services: DecideServices,
  { customerId, month, threshold, mau }: Pick<Exceeded, 'customerId' | 'month' | 'threshold' | 'mau'>,
): Promise<Write | undefined> {
  const { table, clock, calendar } = services;
  const webhook = await readWebhook(table, customerId, 'eventual');
  const customer = webhook && (await readCustomer(table, customerId, 'strong'));
  if (!customer) return undefined;
  const license = await licenseOfMonth(services, customer, month);
  const exceeded = { month, threshold, mau, timeZone: calendar.timeZone, license };
  return putEvent(thresholdExceeded(webhook, exceeded, clock.now()));
}
