import type { AttributeValue } from 'aws-lambda';
import { parseActiveUserPk, streamPrefixes } from './keys.ts';

/**
 * How the consumers of the table's stream choose their records and read them. Only inserts matter: nobody changes an
 * active-user record, and an e-mail is only deleted.
 */
const insertsOf = (prefix: string) => ({
  eventName: ['INSERT'],
  dynamodb: { Keys: { pk: { S: [{ prefix }] } } },
});

/** Lambda's filter patterns: a record that does not match its consumer's pattern never wakes it. */
export const streamFilters = {
  activeUsers: insertsOf(streamPrefixes.activeUsers),
  mails: insertsOf(streamPrefixes.mails),
} as const;

/** The attributes of an item in a stream record. */
type Image = Readonly<Record<string, AttributeValue>> | undefined;

/** Returns the customer, the RP and the month of a new active-user record. Undefined for an item that is none. */
export function activeUserIn(newImage: Image): { customerId: string; rpRef: string; month: string } | undefined {
  const key = parseActiveUserPk(newImage?.['pk']?.S ?? '');
  const customerId = newImage?.['customerId']?.S;
  return key && customerId !== undefined ? { customerId, ...key } : undefined;
}

/** Returns the ID of a new e-mail from its keys; empty for a record without any. */
export function mailIdIn(keys: Image): string {
  return keys?.['pk']?.S?.slice(streamPrefixes.mails.length) ?? '';
}
