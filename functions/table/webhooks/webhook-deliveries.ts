import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { webhookDeliveriesOf, webhookDeliveryKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { exists } from '../engine/conditions.ts';
import { readRange, type KeyOf } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';
import { updateWhile } from '../engine/updates.ts';

/**
 * Why an attempt failed. `status`: the response had another status than 2xx, such as a redirect. `timed-out`: there was
 * no response in time. `unreachable`: there was no connection, or no valid TLS certificate. `private-address`: the host
 * name leads to an address that is not public. `secret-lost`: no secret of the stage opens the secret of the webhook.
 * `interrupted`: nobody recorded the outcome.
 */
export type DeliveryFailure =
  'status' | 'timed-out' | 'unreachable' | 'private-address' | 'secret-lost' | 'interrupted';

/** The fields that identify the delivery of an event. */
export interface WebhookDeliveryId {
  readonly customerId: string;
  readonly webhookId: string;
  /** The time of the event, in epoch milliseconds. All times of a delivery are epoch milliseconds. */
  readonly createdAt: number;
  /** The ID of the event, which every attempt sends in the header `webhook-id`. */
  readonly deliveryId: string;
}

/** An event for a customer's webhook, and the outcome of the attempts to deliver it. */
export interface WebhookDelivery extends WebhookDeliveryId {
  readonly type: 'mau.threshold-exceeded' | 'webhook.test';
  /** The body of the request. Every attempt sends the same bytes. */
  readonly body: string;
  readonly status: 'pending' | 'delivered' | 'failed';
  /** How many attempts have begun. */
  readonly attempts: number;
  /** The time before which no attempt begins while the delivery is pending. */
  readonly nextAttemptAt: number;
  /** @default - no attempt has begun */
  readonly lastAttemptAt?: number | undefined;
  /** The status of the response to the last attempt. @default - there was no response */
  readonly responseStatus?: number | undefined;
  /** Why the last attempt failed. @default - it did not fail, or its outcome is not known yet */
  readonly failure?: DeliveryFailure | undefined;
}

const keyOf = ({ customerId, webhookId, createdAt, deliveryId }: WebhookDeliveryId) =>
  webhookDeliveryKey(customerId, webhookId, createdAt, deliveryId);
export const webhookDeliveryAt = (id: WebhookDeliveryId): KeyOf<WebhookDelivery> => keyOf(id);

/**
 * Stores an event to be delivered. This write belongs in one transaction with the change that causes the event. The
 * record of the new item in the table's stream causes the first attempt. `ttl` is in epoch seconds.
 */
export function putDelivery(delivery: WebhookDelivery, ttl: number): Write<WebhookDelivery> {
  return { Put: { Item: { ...webhookDeliveryAt(delivery), ...delivery, ttl } } };
}

/** Reads the last `limit` deliveries to a webhook, the last one first, with an eventually consistent read. */
export async function readLastDeliveries(
  table: Table,
  { customerId, webhookId }: Pick<WebhookDeliveryId, 'customerId' | 'webhookId'>,
  limit: number,
): Promise<WebhookDelivery[]> {
  const range = webhookDeliveriesOf(customerId, webhookId);
  return (await readRange<WebhookDelivery>(table, range, { consistency: 'eventual', limit, reverse: true })).items;
}

/** The condition that the delivery is pending, and that no other attempt has begun since it was read. */
const sameAttempts = '#status = :pending AND attempts = :read';
const statusName = { '#status': 'status' } as const;
const sameValues = ({ attempts }: WebhookDelivery) => ({ ':pending': 'pending', ':read': attempts });

/**
 * Begins an attempt: counts it, and stores when the next one may begin. Returns undefined when another process has
 * begun an attempt since the delivery was read, or when the delivery is no longer pending.
 */
export function beginAttempt(
  table: Table,
  read: WebhookDelivery,
  { now, nextAttemptAt }: { readonly now: number; readonly nextAttemptAt: number },
): Promise<WebhookDelivery | undefined> {
  return updateWhile<WebhookDelivery>(table, {
    Key: webhookDeliveryAt(read),
    UpdateExpression:
      'SET attempts = :attempts, lastAttemptAt = :now, nextAttemptAt = :next REMOVE responseStatus, failure',
    ConditionExpression: sameAttempts,
    ExpressionAttributeNames: statusName,
    ExpressionAttributeValues: {
      ...sameValues(read),
      ':attempts': read.attempts + 1,
      ':now': now,
      ':next': nextAttemptAt,
    },
  });
}

/** The outcome of an attempt, and the status that the delivery has after it. */
export type AttemptOutcome = Pick<WebhookDelivery, 'status' | 'responseStatus' | 'failure'>;

/**
 * Stores the outcome of an attempt. Stores nothing when another attempt has begun meanwhile, or when the delivery was
 * deleted.
 */
export async function recordAttempt(
  table: Table,
  begun: WebhookDelivery,
  { status, responseStatus, failure }: AttemptOutcome,
): Promise<void> {
  const fields = Object.entries({ responseStatus, failure }).filter(([, value]) => value !== undefined);
  await updateWhile<WebhookDelivery>(table, {
    Key: webhookDeliveryAt(begun),
    UpdateExpression: `SET ${['#status = :status', ...fields.map(([name]) => `${name} = :${name}`)].join(', ')}`,
    ConditionExpression: `${exists} AND ${sameAttempts}`,
    ExpressionAttributeNames: statusName,
    ExpressionAttributeValues: {
      ...sameValues(begun),
      ':status': status,
      ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
    },
  });
}

/** Deletes a delivery that the service must not send any more. */
export async function deleteDelivery(table: Table, id: WebhookDeliveryId): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: keyOf(id) }));
}
