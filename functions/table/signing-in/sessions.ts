import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { administratorAt, type Administrator } from '../administrators.ts';
import { customerAt, type Customer } from '../customers/customers.ts';
import { sessionFinder, sessionKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent, exists } from '../engine/conditions.ts';
import { untilNoConflict } from '../engine/conflicts.ts';
import { readItem, readTogether } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';
import { updateWhile } from '../engine/updates.ts';

/** The session of a signed-in administrator, stored under the SHA-256 of the session's token. */
export interface Session {
  readonly customerId: string;
  readonly administratorId: string;
  /**
   * The administrator's `sessionGeneration` at sign-in: the session ends when the administrator's `sessionGeneration`
   * increases.
   */
  readonly generation: number;
  /**
   * The time at which the administrator opened the e-mailed link or last completed a passkey ceremony. All times of a
   * session are epoch milliseconds.
   */
  readonly signedInAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  /**
   * The only action that the session allows. This field is set when an administrator who has a passkey signs in with an
   * e-mailed link instead.
   * @default - the session allows every action that the administrator's rights allow
   */
  readonly mayOnly?: 'add-passkey' | undefined;
}

/**
 * Reads a session, the session's administrator and the administrator's customer, with strongly consistent reads, so
 * that a revoked right takes effect on the next request. Returns undefined when any of the three items is missing.
 */
export async function readSession(
  table: Table,
  token: string,
): Promise<{ session: Session; administrator: Administrator; customer: Customer } | undefined> {
  const session = await readItem<Session>(table, sessionKey(token), 'strong');
  if (!session) return undefined;
  const keys = [administratorAt(session), customerAt(session.customerId)] as const;
  const [administrator, customer] = await readTogether(table, keys, 'strong');
  return administrator && customer && { session, administrator, customer };
}

/**
 * Creates a session; fails when a session with the same token exists. `ttl` is the time, in seconds since the epoch,
 * after which DynamoDB may delete the item.
 */
export function putSession(token: string, session: Session, ttl: number): Write<Session> {
  return {
    Put: {
      Item: { ...sessionKey(token), ...sessionFinder(session.customerId, token), ...session, ttl },
      ConditionExpression: absent,
    },
  };
}

/**
 * Renews a session after a passkey ceremony: sets the time of the sign-in to `now` and the end of the session to
 * `expiresAt`, and removes the restriction `mayOnly`. Fails when the session no longer exists.
 */
export function renewSession(token: string, now: number, expiresAt: number, ttl: number): Write<Session> {
  return {
    Update: {
      Key: sessionKey(token),
      UpdateExpression: 'SET signedInAt = :now, lastUsedAt = :now, expiresAt = :expiresAt, #ttl = :ttl REMOVE mayOnly',
      ConditionExpression: exists,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':now': now, ':expiresAt': expiresAt, ':ttl': ttl },
    },
  };
}

/** Records when a session was last used. Does not recreate a deleted session. */
export async function updateLastUse(table: Table, token: string, now: number): Promise<void> {
  await updateWhile(table, {
    Key: sessionKey(token),
    UpdateExpression: 'SET lastUsedAt = :now',
    ConditionExpression: exists,
    ExpressionAttributeValues: { ':now': now },
  });
}

/** Ends a session by deleting it. Does not fail when the session does not exist. */
export async function deleteSession(table: Table, token: string): Promise<void> {
  const command = new DeleteCommand({ TableName: table.name, Key: sessionKey(token) });
  await untilNoConflict(table, () => table.client.send(command));
}
