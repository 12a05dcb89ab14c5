import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { challengeKey, type Key } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { exists } from '../engine/conditions.ts';
import { readItem } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/**
 * The purpose of a challenge: to sign in with any passkey of an administrator or of an operator, or to add a passkey
 * for one administrator or one operator.
 */
export type Ceremony =
  | { readonly kind: 'authentication' }
  | { readonly kind: 'registration'; readonly customerId: string; readonly administratorId: string }
  | { readonly kind: 'operator-authentication' }
  | { readonly kind: 'operator-registration'; readonly operatorId: string };

/**
 * The challenge of a passkey ceremony that has begun. The item names no person: its key is a hash of the challenge and
 * the ceremony.
 */
export interface Challenge {
  /** The first instant at which the challenge is no longer valid, in epoch milliseconds. */
  readonly expiresAt: number;
}

function keyOf(challenge: string, ceremony: Ceremony): Key {
  return challengeKey(challenge, ceremony.kind, ...ownerOf(ceremony));
}
function ownerOf(ceremony: Ceremony): readonly string[] {
  if (ceremony.kind === 'registration') return [ceremony.customerId, ceremony.administratorId];
  return ceremony.kind === 'operator-registration' ? [ceremony.operatorId] : [];
}

/**
 * Stores a challenge before the service returns the challenge to the browser. If the process dies after this write, no
 * browser receives the challenge, and DynamoDB deletes the item after the time in the attribute `ttl`.
 */
export async function putChallenge(
  table: Table,
  text: string,
  ceremony: Ceremony,
  challenge: Challenge,
  ttl: number,
): Promise<void> {
  const Item = { ...keyOf(text, ceremony), ...challenge, ttl };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}

/**
 * Reads a challenge with a strongly consistent read. Returns undefined when the challenge is unknown, was already used,
 * or belongs to another ceremony.
 */
export function readChallenge(table: Table, text: string, ceremony: Ceremony) {
  return readItem<Challenge>(table, keyOf(text, ceremony), 'strong');
}

/** Deletes a challenge, so that the challenge cannot be used again; fails when the challenge was already used. */
export function useChallenge(text: string, ceremony: Ceremony): Write<Challenge> {
  return { Delete: { Key: keyOf(text, ceremony), ConditionExpression: exists } };
}
