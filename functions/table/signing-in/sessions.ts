import { administratorAt, type Administrator } from '../administrators.ts';
import { customerAt, type Customer } from '../customers/customers.ts';
import { sessionFinder, sessionIdIn, sessionIdOf, sessionKey, sessionsOf } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent, exists } from '../engine/conditions.ts';
import { find, readItem, readItems, readTogether } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';
import { updateWhile } from '../engine/updates.ts';
import { passkeyAt, type Passkey } from './passkeys.ts';

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
   * How the administrator signed in: with a passkey, with a link while the administrator had no passkey, or with a
   * recovery link, which is a link that the administrator opened although they had a passkey.
   * @default - an earlier release stored the session
   */
  readonly method?: 'passkey' | 'link' | 'recovery-link' | undefined;
  /** The passkey that opened the session. The session ends when this passkey is removed. @default - a link did */
  readonly passkeyId?: string | undefined;
  /**
   * The `createdAt` of the passkey that opened the session. A passkey that was removed and added again has the same ID,
   * but another `createdAt`. @default - a link opened the session, or an earlier release stored it
   */
  readonly passkeyCreatedAt?: number | undefined;
  /** The `countsFrom` of the passkey that opened the session. @default - the passkey has none, or a link did */
  readonly countsFrom?: number | undefined;
  /**
   * The e-mail address to which the link that opened the session was sent. The session ends when the administrator has
   * another address. @default - a passkey opened the session
   */
  readonly email?: string | undefined;
  /** The administrator's `emailVersion` at the time of the sign-in. @default - a passkey opened the session, or 0 */
  readonly emailVersion?: number | undefined;
  /** The IP address from which the administrator signed in. @default - an earlier release stored the session */
  readonly ipAddress?: string | undefined;
  /**
   * The time at which the administrator opened the e-mailed link or used the passkey to sign in. All times of a session
   * are epoch milliseconds.
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

/** A session together with its ID. */
export type SessionWithId = Session & { readonly id: string };

/** Returns the ID of the session that has the token `token`. */
export const idOfSession = (token: string): string => sessionIdOf(token);
const sessionAt = (token: string) => sessionKey(sessionIdOf(token));

/** Returns whether a passkey opened a session. Returns false for a passkey that was removed and added again since. */
export const isOpenedBy = ({ passkeyId, passkeyCreatedAt }: Session, passkey: Passkey | undefined): boolean =>
  passkey?.id === passkeyId && (passkeyCreatedAt === undefined || passkey?.createdAt === passkeyCreatedAt);

/**
 * Reads a session, the session's administrator and the administrator's customer, with strongly consistent reads, so
 * that a revoked right takes effect on the next request. If a passkey opened the session, reads the passkey too.
 * Returns undefined when any of these items is missing.
 */
export async function readSession(
  table: Table,
  token: string,
): Promise<{ session: Session; administrator: Administrator; customer: Customer } | undefined> {
  const session = await readItem<Session>(table, sessionAt(token), 'strong');
  if (!session) return undefined;
  const keys = [administratorAt(session), customerAt(session.customerId)] as const;
  if (session.passkeyId === undefined) {
    const [administrator, customer] = await readTogether(table, keys, 'strong');
    return administrator && customer && { session, administrator, customer };
  }
  const openedBy = passkeyAt({ ...session, id: session.passkeyId });
  const [administrator, customer, passkey] = await readTogether(table, [...keys, openedBy], 'strong');
  if (!isOpenedBy(session, passkey)) return undefined;
  return administrator && customer && { session, administrator, customer };
}

/**
 * Reads up to `limit` sessions of an administrator, sorted by ID, beginning after the ID `after`. Includes sessions
 * that have ended and that DynamoDB has not deleted yet. Also returns the ID after which the next page begins; this ID
 * is undefined on the last page. May miss a session that was created just before the call, because reads of the finder
 * (our GSI) are eventually consistent.
 */
export async function readSessionsOf(
  table: Table,
  { customerId, administratorId }: Pick<Administrator, 'customerId' | 'administratorId'>,
  limit: number,
  after: string | undefined,
): Promise<{ sessions: SessionWithId[]; lastId: string | undefined }> {
  const { found, last } = await find(table, sessionsOf(customerId, administratorId), {
    limit,
    after:
      after === undefined ? undefined : { ...sessionKey(after), ...sessionFinder(customerId, administratorId, after) },
  });
  const items = await readItems<Session>(table, found, 'eventual');
  const sessions = found.flatMap((key, index) => {
    const session = items[index];
    return session ? [{ ...session, id: sessionIdIn(key) }] : [];
  });
  return { sessions, lastId: last && sessionIdIn(last) };
}

/**
 * Creates a session; fails when a session with the same token exists. `ttl` is the time, in seconds since the epoch,
 * after which DynamoDB may delete the item.
 */
export function putSession(token: string, session: Session, ttl: number): Write<Session> {
  const { customerId, administratorId } = session;
  return {
    Put: {
      Item: {
        ...sessionAt(token),
        ...sessionFinder(customerId, administratorId, sessionIdOf(token)),
        ...session,
        ttl,
      },
      ConditionExpression: absent,
    },
  };
}

/**
 * Extends a session after its administrator added a passkey: sets the end of the session to `expiresAt`, and removes
 * the restriction `mayOnly`. Does not change the time of the sign-in, because adding a passkey is not a sign-in. Fails
 * when the session no longer exists.
 */
export function extendSession(token: string, now: number, expiresAt: number, ttl: number): Write<Session> {
  return {
    Update: {
      Key: sessionAt(token),
      UpdateExpression: 'SET lastUsedAt = :now, expiresAt = :expiresAt, #ttl = :ttl REMOVE mayOnly',
      ConditionExpression: exists,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':now': now, ':expiresAt': expiresAt, ':ttl': ttl },
    },
  };
}

/** Records when a session was last used. Does not recreate a deleted session. */
export async function updateLastUse(table: Table, token: string, now: number): Promise<void> {
  await updateWhile(table, {
    Key: sessionAt(token),
    UpdateExpression: 'SET lastUsedAt = :now',
    ConditionExpression: exists,
    ExpressionAttributeValues: { ':now': now },
  });
}

/** Ends a session by deleting it; fails when the session does not exist. */
export function endSession(token: string): Write<Session> {
  return { Delete: { Key: sessionAt(token), ConditionExpression: exists } };
}
