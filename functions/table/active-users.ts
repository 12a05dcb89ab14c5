import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { activeUserKey, activeUsersOf } from './keys.ts';
import { isConditionFailed, type Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';
import { countRange, readItems } from './engine/reads.ts';

/** The record that a user was active at an RP in a month. Every MAU number can be computed from these records. */
export interface ActiveUser {
  readonly customerId: string;
  readonly rpRef: string;
  readonly month: string;
  readonly userId: string;
  /** The time of the earliest operation in the request that stored the record, in epoch milliseconds. */
  readonly firstOperationAt: number;
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
export const activeUserItem = ({ customerId, rpRef, month, userId, firstOperationAt }: ActiveUser, ttl: number) => ({
  ...activeUserKey(rpRef, month, userId),
  customerId,
  firstOperationAt,
  ttl,
});

/**
 * Stores an active-user record and returns `counted`, or returns `already-counted` if the record is already stored.
 * When DynamoDB's response is lost, the SDK repeats the write, and the repeated write finds the record. The result is
 * then `already-counted`, although this call stored the record. If the process dies after this write, the stream still
 * delivers the record to the aggregator, which updates the MAU counters.
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
export async function countActiveUsers(table: Table, rpRef: string, month: string): Promise<number> {
  const counts = await Promise.all(activeUsersOf(rpRef, month).map((range) => countRange(table, range)));
  return counts.reduce((sum, count) => sum + count, 0);
}
