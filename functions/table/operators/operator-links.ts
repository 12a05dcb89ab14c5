import { operatorLinkKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent, exists } from '../engine/conditions.ts';
import { readItem } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';
import type { OperatorAtGeneration } from './operators.ts';

/** A link with which an operator registers a passkey, stored under the SHA-256 of its token. */
export interface OperatorLink extends OperatorAtGeneration {
  /** The first instant at which the link no longer works, in epoch milliseconds. */
  readonly expiresAt: number;
}

/** Reads a link with a strongly consistent read. Returns undefined when the link is unknown or was already used. */
export function readOperatorLink(table: Table, token: string): Promise<OperatorLink | undefined> {
  return readItem<OperatorLink>(table, operatorLinkKey(token), 'strong');
}

/**
 * Stores a link. `ttl` is the time, in seconds since the epoch, after which DynamoDB may delete the item. The write
 * belongs in one transaction with the write that sets the operator's generation.
 */
export function putOperatorLink(token: string, link: OperatorLink, ttl: number): Write<OperatorLink> {
  return { Put: { Item: { ...operatorLinkKey(token), ...link, ttl }, ConditionExpression: absent } };
}

/** Deletes a link, so that it cannot be used again; fails when it was already used. */
export function useOperatorLink(token: string): Write<OperatorLink> {
  return { Delete: { Key: operatorLinkKey(token), ConditionExpression: exists } };
}
