import type { AttributeValue } from 'aws-lambda';
import type { ActiveUser } from './active-users.ts';
import { parseActiveUserPk, streamPrefixes } from '../keys.ts';
import type { WebhookDeliveryId } from '../webhooks/webhook-deliveries.ts';

/**
 * Returns a filter for the stream records of new items whose key has a prefix. The stream's consumers need only new
 * items: e-mails and active-user records never change, and each change of a delivery is made by the function that
 * delivers it.
 */
const insertsOf = (prefixes: { readonly pk?: string; readonly sk?: string }) => ({
  eventName: ['INSERT'],
  dynamodb: {
    Keys: Object.fromEntries(Object.entries(prefixes).map(([name, prefix]) => [name, { S: [{ prefix }] }])),
  },
});

/**
 * The filter patterns of the stream's consumers. Lambda invokes a consumer only for the records that match one of the
 * consumer's patterns.
 */
export const streamFilters = {
  activeUsers: [insertsOf(streamPrefixes.activeUsers)],
  outbox: [insertsOf(streamPrefixes.mails), insertsOf(streamPrefixes.webhookDeliveries)],
} as const;

/** The attributes of an item in a stream record. */
type Image = Readonly<Record<string, AttributeValue>> | undefined;

/** A new active-user record in the table's stream. */
export type StreamedUser = Pick<ActiveUser, 'customerId' | 'rpRef' | 'month' | 'source'>;

/** Returns the new active-user record of a stream record. Returns undefined for any other item. */
export function activeUserIn(newImage: Image): StreamedUser | undefined {
  const key = parseActiveUserPk(newImage?.['pk']?.S ?? '');
  const customerId = newImage?.['customerId']?.S;
  if (!key || customerId === undefined) return undefined;
  return { customerId, ...key, source: newImage?.['source']?.S === 'measured' ? 'measured' : 'reported' };
}

/**
 * Returns the ID and the template of a new e-mail, each an empty string if the stream record lacks it, and the ID of
 * the request that caused the e-mail, if the e-mail has it.
 */
export function mailIn(newImage: Image): { mailId: string; template: string; requestId: string | undefined } {
  const text = (name: string) => newImage?.[name]?.S;
  return { mailId: text('mailId') ?? '', template: text('template') ?? '', requestId: text('requestId') };
}

/**
 * Returns the fields that identify a new delivery of an event to a webhook. Returns undefined for any other item.
 */
export function webhookDeliveryIn(newImage: Image): WebhookDeliveryId | undefined {
  const text = (name: string) => newImage?.[name]?.S;
  const [customerId, webhookId, deliveryId] = [text('customerId'), text('webhookId'), text('deliveryId')];
  const createdAt = Number(newImage?.['createdAt']?.N);
  if (customerId === undefined || webhookId === undefined || deliveryId === undefined) return undefined;
  return { customerId, webhookId, deliveryId, createdAt };
}
