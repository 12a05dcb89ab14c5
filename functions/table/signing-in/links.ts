import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { linkFinder, linkKey } from '../keys.ts';
import { readItem } from '../engine/reads.ts';
import type { Table } from '../engine/client.ts';
import { exists, type Write } from '../engine/transaction.ts';

/** What a new address takes the place of: asked for by a session that has since lost its rights, it comes to nothing. */
export interface Replaced {
  readonly email: string;
  readonly sessionGeneration: number;
  /** Whether they had a passkey then: only whoever had one was asked to use it. @default false */
  readonly hadPasskey?: boolean | undefined;
}

/** An e-mailed link, stored by the SHA-256 of its token. It is worth something only while the administrator is there. */
export interface Link {
  readonly purpose: 'activation' | 'sign-in' | 'email-confirmation';
  readonly customerId: string;
  readonly administratorId: string;
  /** The address that it was sent to. */
  readonly email: string;
  /** With a link that confirms a new address. */
  readonly replaces?: Replaced | undefined;
  /** Epoch milliseconds, excluded. */
  readonly expiresAt: number;
}

export function readLink(table: Table, token: string) {
  return readItem<Link>(table, linkKey(token), 'strong');
}

/** Stores a link before it is sent. Should the process die then, nobody has the token and the TTL takes the item. */
export async function putLink(table: Table, token: string, link: Link, ttl: number): Promise<void> {
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { ...linkKey(token), ...linkFinder(link.customerId, token), ...link, ttl },
    }),
  );
}

/** Uses a link up; fails when it was used. */
export function useLink(token: string): Write {
  return { Delete: { Key: linkKey(token), ConditionExpression: exists } };
}
