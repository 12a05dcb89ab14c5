import { operatorSessionKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent, exists } from '../engine/conditions.ts';
import { readItem } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';
import { updateWhile } from '../engine/updates.ts';
import type { OperatorAtGeneration } from './operators.ts';

/** The session of a signed-in operator, stored under the SHA-256 of its token. All times are epoch milliseconds. */
export interface OperatorSession extends OperatorAtGeneration {
  readonly signedInAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
}

/** Reads a session with a strongly consistent read. Returns undefined when it is unknown or has ended. */
export function readOperatorSession(table: Table, token: string): Promise<OperatorSession | undefined> {
  return readItem<OperatorSession>(table, operatorSessionKey(token), 'strong');
}

/** Creates a session. `ttl` is the time, in seconds since the epoch, after which DynamoDB may delete the item. */
export function putOperatorSession(token: string, session: OperatorSession, ttl: number): Write<OperatorSession> {
  return { Put: { Item: { ...operatorSessionKey(token), ...session, ttl }, ConditionExpression: absent } };
}

/** Records when a session was last used. Does not recreate a deleted session. */
export async function updateOperatorLastUse(table: Table, token: string, now: number): Promise<void> {
  await updateWhile(table, {
    Key: operatorSessionKey(token),
    UpdateExpression: 'SET lastUsedAt = :now',
    ConditionExpression: exists,
    ExpressionAttributeValues: { ':now': now },
  });
}

/** Ends a session by deleting it; fails when the session does not exist. */
export function endOperatorSession(token: string): Write<OperatorSession> {
  return { Delete: { Key: operatorSessionKey(token), ConditionExpression: exists } };
}
