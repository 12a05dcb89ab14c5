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
  /** Epoch milliseconds. */
  readonly firstOperationAt: number;
}
export type Outcome = 'counted' | 'already-counted' | 'user-not-registered';

/** RP, month and user of active-user records that a warm process has seen: what is in it is counted for good. */
export type SeenUsers = LRUCache<string, true>;
export interface MeteringServices extends CalendarServices {
  readonly seenUsers: SeenUsers;
}

/**
 * Counts each of distinct users and months once for the caller's RP, and gives what came of each, in order.
 *
 * The first that applies to a user and month: seen in this process (no table call), has a record (an eventually
 * consistent read), is registered (a read, and a strong one before saying no), and then the conditional put. All go
 * through these together: three rounds of calls. If the process dies anywhere, what was put is counted, and the same
 * again gives `already-counted` for it.
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

  /** "What a replica has not seen yet must not be refused." Runs beside the puts of those that were seen. */
  async function countUnlessAbsent(absentAtFirst: readonly Activity[]): Promise<void> {
    await countAll((await lookUp(absentAtFirst, 'strong')).registered);
  }
}
