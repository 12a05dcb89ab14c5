import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { challengeKey, type Key } from '../keys.ts';
import { readItem } from '../engine/reads.ts';
import type { Table } from '../engine/client.ts';
import { exists, type Write } from '../engine/transaction.ts';

/** What a challenge is for: somebody signs in, the passkey says who; or this administrator, and nobody else, adds a passkey. */
export type Ceremony =
  | { readonly kind: 'authentication' }
  | { readonly kind: 'registration'; readonly customerId: string; readonly administratorId: string };

/** A ceremony that has begun. It says of nobody whose it is: only with the same challenge and ceremony it is found. */
export interface Challenge {
  /** Epoch milliseconds, excluded. */
  readonly expiresAt: number;
}

function keyOf(challenge: string, ceremony: Ceremony): Key {
  const of = ceremony.kind === 'registration' ? [ceremony.customerId, ceremony.administratorId] : [];
  return challengeKey(challenge, ceremony.kind, ...of);
}

/** Stores a challenge before it is shown. Should the process die then, nobody has it and the TTL takes the item. */
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

export function readChallenge(table: Table, text: string, ceremony: Ceremony) {
  return readItem<Challenge>(table, keyOf(text, ceremony), 'strong');
}

/** Uses a challenge up; fails when it was used. */
export function useChallenge(text: string, ceremony: Ceremony): Write {
  return { Delete: { Key: keyOf(text, ceremony), ConditionExpression: exists } };
}
