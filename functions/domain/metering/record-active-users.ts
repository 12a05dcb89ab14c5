import type { LRUCache } from 'lru-cache';
import { putActiveUser, readWhetherActive } from '../../table/active-users.ts';
import { readUsers } from '../../table/users.ts';
import type { Month } from '../calendar.ts';
import type { RpCaller } from '../callers.ts';
import { MONTHS_KEPT } from '../retention.ts';
import type { CalendarServices } from '../services.ts';
import { toTtl } from '../time.ts';

/** A user who was active in a month. */
export interface Activity {
  readonly userId: string;
  readonly month: Month;
  /** The time of the earliest operation of the user in `month` that the request contains, in epoch milliseconds. */
  readonly firstOperationAt: number;
}
export type Outcome = 'counted' | 'already-counted' | 'user-not-registered';

/**
 * The cache in which a warm process stores the users that are already counted. Each key consists of an RP, a month and
 * a user for which the table has an active-user record.
 */
type SeenUsers = LRUCache<string, true>;
export interface MeteringServices extends CalendarServices {
  readonly seenUsers: SeenUsers;
}

/**
 * Counts each activity once for the RP that sent the request, and returns the outcome of each activity, in the order of
 * `activities`. No two activities may have the same user and month.
 *
 * The function makes the cheapest check first, and each check handles all remaining activities together. The checks
 * need three rounds of calls to DynamoDB, and a fourth round if the eventually consistent read of the users missed a
 * user:
 *
 *     activity                     calls                            outcome
 *     is in the process's cache    none                             already-counted
 *     has an active-user record    eventual read                    already-counted
 *     has no registered user       eventual read, then strong read  user-not-registered
 *     passes these checks          put                              counted, or already-counted if another request put
 *                                                                   the record first
 *
 * An eventually consistent read may miss a new user, so the function reads the user again, with a strongly consistent
 * read, before it returns `user-not-registered`. If the process dies, the active-user records that the process has
 * stored remain, and a retry of the request returns `already-counted` for these records.
 */
export async function recordActiveUsers(
  { table, calendar, seenUsers }: MeteringServices,
  { customerId, rpRef }: RpCaller,
  activities: readonly Activity[],
): Promise<Outcome[]> {
  const outcomes = new Map<Activity, Outcome>();
  const seenKey = ({ month, userId }: Activity) => `${rpRef} ${month} ${userId}`;
  const isOpen = (activity: Activity) => !outcomes.has(activity);

  for (const activity of activities) if (seenUsers.has(seenKey(activity))) outcomes.set(activity, 'already-counted');

  const unseen = activities.filter(isOpen);
  const active = await readWhetherActive(table, rpRef, unseen);
  unseen.forEach((activity, index) => {
    if (active[index]) outcomes.set(activity, 'already-counted');
  });

  const uncounted = unseen.filter(isOpen);
  const { registered, absent } = await lookUp(uncounted, 'eventual');
  await Promise.all([countAll(registered), countUnlessAbsent(absent)]);

  for (const [activity, outcome] of outcomes) {
    if (outcome !== 'user-not-registered') seenUsers.set(seenKey(activity), true);
  }
  return activities.map((activity) => outcomes.get(activity) ?? 'user-not-registered');

  async function lookUp(looked: readonly Activity[], consistency: 'strong' | 'eventual') {
    const userIds = [...new Set(looked.map(({ userId }) => userId))];
    const users = await readUsers(table, rpRef, userIds, consistency);
    const found = new Set(users.map((user) => user?.userId));
    return {
      registered: looked.filter(({ userId }) => found.has(userId)),
      absent: looked.filter(({ userId }) => !found.has(userId)),
    };
  }

  async function countAll(counted: readonly Activity[]): Promise<void> {
    await Promise.all(
      counted.map(async (activity) => {
        const expiresAt = calendar.endOf(calendar.plus(activity.month, MONTHS_KEPT));
        outcomes.set(activity, await putActiveUser(table, { customerId, rpRef, ...activity }, toTtl(expiresAt)));
      }),
    );
  }

  /**
   * Repeats the read, with strong consistency, for the users that the eventually consistent read did not find. Counts
   * the activities of the users that the second read finds.
   */
  async function countUnlessAbsent(absentAtFirst: readonly Activity[]): Promise<void> {
    await countAll((await lookUp(absentAtFirst, 'strong')).registered);
  }
}
