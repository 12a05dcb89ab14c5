import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { linkFinder, linkKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { exists } from '../engine/conditions.ts';
import { readItem } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/**
 * The e-mail address that a new address replaces, and the administrator's `sessionGeneration` when the administrator
 * requested the change. If the administrator loses rights after the request, `sessionGeneration` increases, and the
 * link that confirms the new address has no effect.
 */
export interface Replaced {
  readonly email: string;
  /** The administrator's `emailVersion` at the time of the request. @default - 0 */
  readonly emailVersion?: number | undefined;
  readonly sessionGeneration: number;
  /**
   * Whether the administrator had a passkey when they requested the change. If `hadPasskey` is true, the administrator
   * had to sign in with the passkey before the request. If false, the link has no effect once the administrator has a
   * passkey.
   * @default false
   */
  readonly hadPasskey?: boolean | undefined;
  /**
   * The passkey that opened the session in which the administrator requested the change. The link has no effect once
   * this passkey is removed. @default - a link opened the session
   */
  readonly passkeyId?: string | undefined;
}

/** An e-mailed link, stored under the SHA-256 of its token. The link works only while the administrator exists. */
export interface Link {
  readonly purpose: 'activation' | 'sign-in' | 'email-confirmation';
  readonly customerId: string;
  readonly administratorId: string;
  /** The e-mail address that the link was sent to. */
  readonly email: string;
  /** The administrator's `emailVersion` when the link was sent. @default - 0 */
  readonly emailVersion?: number | undefined;
  /** This field is set only in a link that confirms a new address. */
  readonly replaces?: Replaced | undefined;
  /** The first instant at which the link no longer works, in epoch milliseconds. */
  readonly expiresAt: number;
}

/** Reads a link with a strongly consistent read. Returns undefined when the link is unknown or was already used. */
export function readLink(table: Table, token: string) {
  return readItem<Link>(table, linkKey(token), 'strong');
}

/**
 * Stores a link before the e-mail with the link is sent. If the process dies after this write, nobody receives the
 * token, and DynamoDB deletes the item after the time in the attribute `ttl`.
 */
export async function putLink(table: Table, token: string, link: Link, ttl: number): Promise<void> {
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { ...linkKey(token), ...linkFinder(link.customerId, token), ...link, ttl },
    }),
  );
}

/** Deletes a link, so that the link cannot be used again; fails when the link was already used. */
export function useLink(token: string): Write<Link> {
  return { Delete: { Key: linkKey(token), ConditionExpression: exists } };
}
