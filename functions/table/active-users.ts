import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { activeUserKey, activeUsersOf } from './keys.ts';
import { countRange, readItems } from './engine/reads.ts';
import { isConditionFailed, type Table } from './engine/client.ts';
import { absent } from './engine/transaction.ts';

/** That a user was active at an RP in a month: the truth of the metering. */
export interface ActiveUser {
  readonly customerId: string;
  readonly rpRef: string;
  readonly month: string;
  readonly userId: string;
  /** The time of the first operation that arrived, epoch milliseconds. */
  readonly firstOperationAt: number;
}

/** Reads, eventually consistently, which of distinct users and months have a record. In the order given. */
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

/**
 * Puts a record unless there is one. However often it is tried, by however many at once, one try puts it. After a
 * time-out whose write was done, the SDK's next try finds it: "already counted", and it is counted. If the process dies
 * after this write, the stream carries the record to the counters all the same.
 */
export async function putActiveUser(
  table: Table,
  user: ActiveUser,
  ttl: number,
): Promise<'counted' | 'already-counted'> {
  const { customerId, rpRef, month, userId, firstOperationAt } = user;
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...activeUserKey(rpRef, month, userId), customerId, firstOperationAt, ttl },
        ConditionExpression: absent,
      }),
    );
    return 'counted';
  } catch (error) {
    if (isConditionFailed(error)) return 'already-counted';
    throw error;
  }
}

/** Counts the records of an RP and a month with strong reads. */
export async function countActiveUsers(table: Table, rpRef: string, month: string): Promise<number> {
  const counts = await Promise.all(activeUsersOf(rpRef, month).map((range) => countRange(table, range)));
  return counts.reduce((sum, count) => sum + count, 0);
}
