import { createHash } from 'node:crypto';
import { putDelivery, type WebhookDelivery } from '../../table/webhooks/webhook-deliveries.ts';
import type { Webhook } from '../../table/webhooks/webhooks.ts';
import type { Write } from '../../table/engine/transaction.ts';
import type { License } from '../licenses/license.ts';
import { overageFee, overageMau } from '../licenses/overage-fee.ts';
import { newId } from '../ids.ts';
import { DAY, toIso, toTtl } from '../time.ts';

/** How long the service keeps and shows a delivery, in milliseconds. */
const DELIVERY_KEPT = 30 * DAY;

/** A threshold of the MAU alert that the MAU of a month exceed. */
interface Exceeded {
  readonly month: string;
  readonly threshold: number;
  readonly mau: number;
  readonly timeZone: string;
  /** The license of the month. */
  readonly license: License;
}

/**
 * Returns the event that the MAU of a month exceed a threshold. Its ID is computed from the webhook, the month and the
 * threshold. So if an alert is dropped and decided again, the receiver can recognize the second event as a repetition.
 */
export function thresholdExceeded(
  webhook: Webhook,
  { month, threshold, mau, timeZone, license }: Exceeded,
  now: number,
): WebhookDelivery {
  const hash = createHash('sha256').update(`${webhook.webhookId} ${month} ${threshold}`).digest('hex');
  const paid = license.type === 'free' ? undefined : license;
  return newDelivery(webhook, 'mau.threshold-exceeded', `msg_${hash.slice(0, 32)}`, now, {
    ...{ customerId: webhook.customerId, month, timeZone, threshold, mau },
    maxMau: paid?.maxMau ?? null,
    overageMau: paid ? overageMau(paid, mau) : 0,
    overageFee: paid ? overageFee(paid, mau) : null,
  });
}

/** Returns an event with which a customer tests its webhook. */
export const testEvent = (webhook: Webhook, now: number): WebhookDelivery =>
  newDelivery(webhook, 'webhook.test', newId('msg'), now, { customerId: webhook.customerId });

function newDelivery(
  { customerId, webhookId }: Webhook,
  type: WebhookDelivery['type'],
  deliveryId: string,
  now: number,
  data: object,
): WebhookDelivery {
  return {
    ...{ customerId, webhookId, deliveryId, createdAt: now, type },
    body: JSON.stringify({ type, timestamp: toIso(now), data }),
    ...{ status: 'pending', attempts: 0, nextAttemptAt: now },
  };
}

/**
 * Stores an event to be delivered at once. This write belongs in one transaction with the change that causes the event.
 */
export const putEvent = (delivery: WebhookDelivery): Write<WebhookDelivery> =>
  putDelivery(delivery, toTtl(delivery.createdAt + DELIVERY_KEPT));
