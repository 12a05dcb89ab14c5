import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Administrator } from '../administrators.ts';
import { untilNoConflict } from '../engine/conflicts.ts';
import type { Customer } from '../customers/customers.ts';
import { administratorKey, customerKey, sessionFinder, sessionKey } from '../keys.ts';
import { readItem, readItems } from '../engine/reads.ts';
import type { Table } from '../engine/client.ts';
import { absent, exists, type Write } from '../engine/transaction.ts';
import { updateWhile } from '../engine/updates.ts';

/** A signed-in administrator's session, stored by the SHA-256 of its token. */
export interface Session {
  readonly customerId: string;
  readonly administratorId: string;
  /** The administrator's generation when signing in. */
  readonly generation: number;
  /** When the link was opened, or the last passkey ceremony. Epoch milliseconds, as are the others. */
  readonly signedInAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  /** All that it may do: it came by a link to somebody who has a passkey. @default - whatever its administrator may */
  readonly mayOnly?: 'add-passkey' | undefined;
}

/** Reads a session and whom it is for, strongly: rights are those of now. Undefined when any is missing. */
export async function readSession(
  table: Table,
  token: string,
): Promise<{ session: Session; administrator: Administrator; customer: Customer } | undefined> {
  const session = await readItem<Session>(table, sessionKey(token), 'strong');
  if (!session) return undefined;
  const [administrator, customer] = await readItems<unknown>(
    table,
    [administratorKey(session.customerId, session.administratorId), customerKey(session.customerId)],
    'strong',
  );
  if (!administrator || !customer) return undefined;
  return { session, administrator: administrator as Administrator, customer: customer as Customer };
}

export function putSession(token: string, session: Session, ttl: number): Write {
  return {
    Put: {
      Item: { ...sessionKey(token), ...sessionFinder(session.customerId, token), ...session, ttl },
      ConditionExpression: absent,
    },
  };
}

/**
 * Makes a session one whose administrator did a passkey ceremony at this moment, that may do whatever they may, and ends
 * when it is said. One that was ended meanwhile stays ended.
 */
export function renewSession(token: string, now: number, expiresAt: number, ttl: number): Write {
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

/** Records a session's last use. One that was ended meanwhile stays ended. */
export async function updateLastUse(table: Table, token: string, now: number): Promise<void> {
  await updateWhile(table, {
    Key: sessionKey(token),
    UpdateExpression: 'SET lastUsedAt = :now',
    ConditionExpression: exists,
    ExpressionAttributeValues: { ':now': now },
  });
}

export async function deleteSession(table: Table, token: string): Promise<void> {
  const command = new DeleteCommand({ TableName: table.name, Key: sessionKey(token) });
  await untilNoConflict(table, () => table.client.send(command));
}
