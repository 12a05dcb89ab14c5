import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { activeUserIdOf, activeUserKey, activeUsersOf, bucketOf, BUCKETS, type Key } from '../keys.ts';
import { isConditionFailed, type Table } from '../engine/client.ts';
import { absent } from '../engine/conditions.ts';
import { countRange, readItem, readItems, readRange, type Consistency, type Page } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/** The record that a user was active at an RP in a month. Every MAU number can be computed from these records. */
export interface ActiveUser {
  readonly customerId: string;
  readonly rpRef: string;
  readonly month: string;
  readonly userId: string;
  /** The time of the earliest operation in the request that stored the record, in epoch milliseconds. */
  readonly firstOperationAt: number;
  /**
   * How the service learned of the first operation that was counted: `measured` if the service itself performed the
   * operation, as a ceremony, and `reported` if the RP reported it. A later operation of the other kind does not change
   * the source.
   */
  readonly source: 'measured' | 'reported';
}

/** The numbers of active users of an RP in a month, or of all RPs of a customer together. */
export interface ActiveUserCounts {
  /** The number of all active users. */
  readonly mau: number;
  /** How many of them were measured: the first operation that was counted was a ceremony. The others were reported. */
  readonly measured: number;
}

/**
 * The attributes of an active-user record's item. The item stores `source` only if it is `measured`. So a record
 * without a source was reported, and the records that earlier releases stored have the right form.
 */
interface Stored extends Pick<ActiveUser, 'customerId' | 'firstOperationAt'> {
  readonly source?: 'measured' | undefined;
  readonly ttl: number;
}
const fromStored = ({ customerId, firstOperationAt, source }: Stored) =>
  ({ customerId, firstOperationAt, source: source ?? 'reported' }) satisfies Partial<ActiveUser>;

/**
 * Reads the active-user record of a user at an RP in a month. Returns undefined if the user has no record in the month.
 */
export async function readActiveUser(
  table: Table,
  rpRef: string,
  month: string,
  userId: string,
  consistency: Consistency,
): Promise<ActiveUser | undefined> {
  const stored = await readItem<Stored>(table, activeUserKey(rpRef, month, userId), consistency);
  if (!stored) return undefined;
  return { ...fromStored(stored), rpRef, month, userId };
}

/**
 * Returns, in the order of `wanted`, whether the table has an active-user record for each pair of a user and a month.
 * The reads are eventually consistent. No pair may occur twice in `wanted`.
 */
export async function readWhetherActive(
  table: Table,
  rpRef: string,
  wanted: readonly { readonly month: string; readonly userId: string }[],
): Promise<boolean[]> {
  const items = await readItems(
    table,
    wanted.map(({ month, userId }) => activeUserKey(rpRef, month, userId)),
    'eventual',
  );
  return items.map((item) => item !== undefined);
}

/** Returns the item that stores an active-user record. `ttl` is the item's TTL attribute, in epoch seconds. */
export function activeUserItem(user: ActiveUser, ttl: number): Key & Stored {
  const { customerId, rpRef, month, userId, firstOperationAt, source } = user;
  return {
    ...activeUserKey(rpRef, month, userId),
    customerId,
    firstOperationAt,
    ...(source === 'measured' && { source }),
    ttl,
  };
}

/**
 * Stores an active-user record in a transaction; fails when the record is already stored. `ttl` is the item's TTL
 * attribute, in epoch seconds. After the transaction, the stream delivers the record to the aggregator, which updates
 * the MAU counters.
 */
export function putActiveUserWith(user: ActiveUser, ttl: number): Write<Stored> {
  return { Put: { Item: activeUserItem(user, ttl), ConditionExpression: absent } };
}

/**
 * Stores an active-user record and returns `counted`, or returns `already-counted` if the record is already stored.
 * When DynamoDB's response is lost, the SDK repeats the write, and the repeated write finds the record. The result is
 * then `already-counted`, although this call stored the record. If the process dies after this write, the stream still
 * delivers the record to the aggregator, which updates the MAU counters.
 *
 * The first of two writes for one user and month decides the source of the record:
 *
 *     A reports an operation of the user                B performs a ceremony of the user
 *     A stores the record: reported
 *                                                       B's write fails: already-counted, and the source stays reported
 */
export async function putActiveUser(
  table: Table,
  user: ActiveUser,
  ttl: number,
): Promise<'counted' | 'already-counted'> {
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: activeUserItem(user, ttl),
        ConditionExpression: absent,
      }),
    );
    return 'counted';
  } catch (error) {
    if (isConditionFailed(error)) return 'already-counted';
    throw error;
  }
}

/** Counts the active-user records of an RP and a month, with strongly consistent reads. */
export async function countActiveUsers(table: Table, rpRef: string, month: string): Promise<ActiveUserCounts> {
  const source: ActiveUser['source'] = 'measured';
  const counts = await Promise.all(
    activeUsersOf(rpRef, month).map((range) => countRange(table, range, { attribute: 'source', value: source })),
  );
  return counts.reduce<ActiveUserCounts>(
    ({ mau, measured }, { all, matching }) => ({ mau: mau + all, measured: measured + matching }),
    { mau: 0, measured: 0 },
  );
}

/**
 * Returns the position of a user in the list of the active users of an RP and a month. The positions consist of a
 * bucket and a user ID. A bucket without a user ID is the position before the first user of the bucket. Only this file
 * builds and parses positions.
 */
export const positionOf = (userId: string): string => `${bucketOf(userId)}${userId}`;

/**
 * Reads up to `limit` active-user records of an RP and a month with one strongly consistent query, beginning after the
 * position `after`. The records are sorted by position. Also returns the position after which the next query begins,
 * which is undefined only after the last record. Each query reads one bucket, so it can return fewer records, or none,
 * although more records follow.
 */
export async function readActiveUsers(
  table: Table,
  rpRef: string,
  month: string,
  limit: number,
  after: string | undefined,
): Promise<Page<ActiveUser>> {
  const index = after === undefined ? 0 : BUCKETS.findIndex((bucket) => after.startsWith(bucket));
  const [bucket, range] = [BUCKETS[index], activeUsersOf(rpRef, month)[index]];
  if (bucket === undefined || range === undefined) throw new RangeError(`${after} is no position of an active user`);
  const userId = after?.slice(bucket.length);
  const { items, last } = await readRange<Key & Stored>(table, range, {
    consistency: 'strong',
    limit,
    after: userId === '' ? undefined : userId,
  });
  return {
    items: items.map((item) => ({ ...fromStored(item), rpRef, month, userId: activeUserIdOf(item) })),
    last: last === undefined ? BUCKETS[index + 1] : `${bucket}${last}`,
  };
}
