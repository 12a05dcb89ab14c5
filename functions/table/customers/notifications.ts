import { customerKey } from '../keys.ts';
import type { Write } from '../engine/transaction.ts';

/** What came of the alert that was decided last. */
export interface Notification {
  readonly month: string;
  readonly threshold: number;
  /** `failed` also while it is tried again. */
  readonly status: 'pending' | 'sent' | 'bounced' | 'failed';
  /** Since when it is that, epoch milliseconds. */
  readonly at: number;
}

const isActive = '#status = :active';
const status = { '#status': 'status' };

/** Notes that an alert was decided, if the customer is active and its MAU alert is on with the threshold decided on. */
export function notifyOf(customerId: string, notification: Notification): Write {
  return {
    Update: {
      Key: customerKey(customerId),
      UpdateExpression: 'SET mauAlert.lastNotification = :notification',
      ConditionExpression: `${isActive} AND mauAlert.enabled = :enabled AND mauAlert.threshold = :threshold`,
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: {
        ':active': 'active',
        ':enabled': true,
        ':threshold': notification.threshold,
        ':notification': notification,
      },
    },
  };
}

/**
 * Notes what came of an alert, or with null that it came to nothing, if the customer is active and its last notification
 * is of that month and threshold.
 */
export function updateNotification(
  { customerId, month, threshold }: Pick<Notification, 'month' | 'threshold'> & { readonly customerId: string },
  outcome: Pick<Notification, 'status' | 'at'> | null,
): Write {
  return {
    Update: {
      Key: customerKey(customerId),
      UpdateExpression: 'SET mauAlert.lastNotification = :notification',
      ConditionExpression: `${isActive} AND mauAlert.lastNotification.#month = :month AND mauAlert.lastNotification.threshold = :threshold`,
      ExpressionAttributeNames: { ...status, '#month': 'month' },
      ExpressionAttributeValues: {
        ':active': 'active',
        ':month': month,
        ':threshold': threshold,
        ':notification': outcome && { month, threshold, ...outcome },
      },
    },
  };
}
