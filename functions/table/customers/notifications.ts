import type { Write } from '../engine/transaction.ts';
import { activeValue, statusName, whileActive } from './conditions.ts';
import { customerAt, type Customer, type Notification } from './customers.ts';

/** Only this file changes mauAlert.lastNotification in the customer item. */

/**
 * Stores in the customer item that the service decided to send an alert. Fails when the customer is not active, when
 * the customer's MAU alert is off, and when the threshold of the MAU alert differs from the threshold of the
 * notification.
 */
export function notifyOf(customerId: string, notification: Notification): Write<Customer> {
  return {
    Update: {
      Key: customerAt(customerId),
      UpdateExpression: 'SET mauAlert.lastNotification = :notification',
      ConditionExpression: `${whileActive} AND mauAlert.enabled = :enabled AND mauAlert.threshold = :threshold`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ...activeValue,
        ':enabled': true,
        ':threshold': notification.threshold,
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
