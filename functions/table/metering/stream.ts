import type { AttributeValue } from 'aws-lambda';
import type { ActiveUser } from './active-users.ts';
import { parseActiveUserPk, streamPrefixes } from '../keys.ts';

/**
 * Returns a filter for the stream records of new items whose partition key begins with `prefix`. The stream's consumers
 * need only new items, because e-mails and active-user records never change. An active-user record says that a user was
 * active at an RP in a month.
 */
const insertsOf = (prefix: string) => ({
  eventName: ['INSERT'],
  dynamodb: { Keys: { pk: { S: [{ prefix }] } } },
});

/**
 * The filter patterns of the stream's consumers. Lambda does not invoke a consumer for a record that does not match the
 * consumer's pattern.
 */
export const streamFilters = {
  activeUsers: insertsOf(streamPrefixes.activeUsers),
  mails: insertsOf(streamPrefixes.mails),
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
