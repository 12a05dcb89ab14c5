import { webhookKey, webhookTestKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent, isUnsetOr } from '../engine/conditions.ts';
import { readItem, type Consistency, type KeyOf } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/**
 * A customer's webhook: the URL to which the service sends events, and the secrets that sign them. The table contains
 * the secrets only in sealed form, so nobody can forge an event with a copy of the table.
 */
export interface Webhook {
  readonly customerId: string;
  /** Another webhook that the customer sets after it removed this one has another ID. */
  readonly webhookId: string;
  readonly url: string;
  /** Increases with every change of the item, so that two changes at the same time cannot overwrite each other. */
  readonly generation: number;
  /** The sealed secret that signs every event. */
  readonly sealedSecret: Uint8Array;
  /** The time at which the secret was created. All times of a webhook are epoch milliseconds. */
  readonly secretCreatedAt: number;
  /**
   * The sealed secret that the current one replaced. Until the time `until`, it signs every event too.
   * @default - the secret was never rotated
   */
  readonly previousSecret?: { readonly sealed: Uint8Array; readonly until: number } | undefined;
  readonly createdAt: number;
}

export const webhookAt = (customerId: string): KeyOf<Webhook> => webhookKey(customerId);

/** Reads a customer's webhook. Returns undefined when the customer has none. */
export function readWebhook(table: Table, customerId: string, consistency: Consistency): Promise<Webhook | undefined> {
  return readItem<Webhook>(table, webhookAt(customerId), consistency);
}

/** Stores a webhook. Fails when the customer has one. */
export function putWebhook(webhook: Webhook): Write<Webhook> {
  return { Put: { Item: { ...webhookAt(webhook.customerId), ...webhook }, ConditionExpression: absent } };
}

/** Replaces a webhook that was read. Fails when it was changed or removed since. */
export function replaceWebhook(
  { webhookId, generation }: Webhook,
  replacement: Omit<Webhook, 'generation'>,
): Write<Webhook> {
  return {
    Put: {
      Item: { ...webhookAt(replacement.customerId), ...replacement, generation: generation + 1 },
      ConditionExpression: `${sameWebhook} AND generation = :read`,
      ExpressionAttributeValues: { ':webhookId': webhookId, ':read': generation },
    },
  };
}

/** Deletes a webhook. Fails when the customer has no webhook with this ID. */
export function deleteWebhook({ customerId, webhookId }: Pick<Webhook, 'customerId' | 'webhookId'>): Write<Webhook> {
  return {
    Delete: {
      Key: webhookAt(customerId),
      ConditionExpression: sameWebhook,
      ExpressionAttributeValues: { ':webhookId': webhookId },
    },
  };
}

/** Checks that the customer still has the webhook. */
export function checkWebhook({ customerId, webhookId }: Pick<Webhook, 'customerId' | 'webhookId'>): Write<Webhook> {
  return {
    ConditionCheck: {
      Key: webhookAt(customerId),
      ConditionExpression: sameWebhook,
      ExpressionAttributeValues: { ':webhookId': webhookId },
    },
  };
}

/**
 * Stores that the customer's webhook gets a test event now. Fails when a webhook of the customer had a test event after
 * the time `since`. The time is not part of the webhook, so that a customer who removes and sets its webhook again
 * cannot test more often. `ttl` is in epoch seconds.
 */
export function countTest(
  customerId: string,
  { now, since, ttl }: { readonly now: number; readonly since: number; readonly ttl: number },
): Write {
  return {
    Put: {
      Item: { ...webhookTestKey(customerId), testedAt: now, ttl },
      ConditionExpression: isUnsetOr('testedAt', 'testedAt <= :since'),
      ExpressionAttributeValues: { ':since': since },
    },
  };
}

/** The condition that the customer still has the webhook, and not another one. */
const sameWebhook = 'webhookId = :webhookId';
