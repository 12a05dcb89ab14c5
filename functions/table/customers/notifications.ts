import type { Write } from '../engine/transaction.ts';
import { activeValue, licenseVersionValue, sameLicenses, statusName, whileActive } from './conditions.ts';
import { customerAt, type Customer, type Notification } from './customers.ts';

/** Only this file changes mauAlert.lastNotification in the customer item. */

/** The further level that a notification is about. */
export interface NotifiedLevel {
  /** One of the setting's `levels`. @default - the notification is about the setting's own `threshold` */
  readonly level?: string | undefined;
  /**
   * The version of the licenses from which the service computed the threshold of a level in percents.
   * @default - the threshold depends on no license
   */
  readonly licenseVersion?: number | undefined;
}

/**
 * Stores in the customer item that the service decided to send an alert. Fails when the customer is not active, when
 * the customer's MAU alert is off, when the setting no longer contains the threshold or the level of the notification,
 * and when a license was set or cancelled after the service computed the threshold from the licenses.
 */
export function notifyOf(
  customerId: string,
  notification: Notification,
  { level, licenseVersion }: NotifiedLevel = {},
): Write<Customer> {
  const isInSetting = level === undefined ? 'mauAlert.threshold = :threshold' : 'contains(mauAlert.levels, :level)';
  const isOfLicenses = licenseVersion === undefined ? '' : ` AND ${sameLicenses}`;
  return {
    Update: {
      Key: customerAt(customerId),
      UpdateExpression: 'SET mauAlert.lastNotification = :notification',
      ConditionExpression: `${whileActive} AND mauAlert.enabled = :enabled AND ${isInSetting}${isOfLicenses}`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ...activeValue,
        ':enabled': true,
        ...(level === undefined ? { ':threshold': notification.threshold } : { ':level': level }),
        ...(licenseVersion !== undefined && licenseVersionValue({ licenseVersion })),
        ':notification': notification,
      },
    },
  };
}

/**
 * Stores the outcome of an alert in the customer's last notification. If `outcome` is null, because the alert was
 * deleted, the write sets the last notification to null. Fails when the customer is not active, and when the customer's
 * last notification is about another month or threshold.
 */
export function updateNotification(
  { customerId, month, threshold }: Pick<Notification, 'month' | 'threshold'> & { readonly customerId: string },
  outcome: Pick<Notification, 'status' | 'at'> | null,
): Write<Customer> {
  return {
    Update: {
      Key: customerAt(customerId),
      UpdateExpression: 'SET mauAlert.lastNotification = :notification',
      ConditionExpression: `${whileActive} AND mauAlert.lastNotification.#month = :month AND mauAlert.lastNotification.threshold = :threshold`,
      ExpressionAttributeNames: { ...statusName, '#month': 'month' },
      ExpressionAttributeValues: {
        ...activeValue,
        ':month': month,
        ':threshold': threshold,
        ':notification': outcome && { month, threshold, ...outcome },
      },
    },
  };
}
