import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { challengeFinder, challengeKey } from './keys.ts';
import { readItem } from './reads.ts';
import type { Table } from './table.ts';
import { exists, type Write } from './transaction.ts';

/** A passkey is to be added, by this administrator and nobody else. */
interface Registration {
  readonly ceremony: 'registration';
  readonly customerId: string;
  readonly administratorId: string;
}
/** Somebody is to sign in: who, the passkey says. */
interface Authentication {
  readonly ceremony: 'authentication';
}
/** What a challenge is for. */
export type Ceremony = Registration | Authentication;
/** A ceremony that has begun, stored by the SHA-256 of its challenge. */
export type Challenge = Ceremony & {
  /** Epoch milliseconds, excluded. */
  readonly expiresAt: number;
};

/** Stores a challenge before it is shown. Should the process die then, nobody has it and the TTL takes the item. */
export async function putChallenge(table: Table, text: string, challenge: Challenge, ttl: number): Promise<void> {
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: {
        ...challengeKey(text),
        ...(challenge.ceremony === 'registration' && challengeFinder(challenge.customerId, text)),
        ...challenge,
        ttl,
      },
    }),
  );
}

export function readChallenge(table: Table, text: string) {
  return readItem<Challenge>(table, challengeKey(text), 'strong');
}

/** Uses a challenge up; fails when it was used. */
export function useChallenge(text: string): Write {
  return { Delete: { Key: challengeKey(text), ConditionExpression: exists } };
}
