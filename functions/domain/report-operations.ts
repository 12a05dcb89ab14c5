import { LRUCache } from 'lru-cache';
import type { Operation, OperationResult } from '../contract/users.ts';
import { putActiveUser, readWhetherActive } from '../table/active-users.ts';
import { readUsers } from '../table/users.ts';
import type { Month } from './calendar.ts';
import type { RpCaller } from './callers.ts';
import type { CalendarServices } from './services.ts';
import { MINUTE, toTtl } from './time.ts';

/** RP, month and user of active-user records that a warm process has seen: what is in it is counted for good. */
export type SeenUsers = LRUCache<string, true>;
export interface MeteringServices extends CalendarServices {
  readonly seenUsers: SeenUsers;
}

/** Adds what the metering remembers while its process is warm: 100,000 users, about 15 MB. */
export function withSeenUsers<S extends CalendarServices>(services: S): S & MeteringServices {
  return { ...services, seenUsers: new LRUCache({ max: 100_000 }) };
}

/** How far an RP's clock may be ahead of ours. */
const AHEAD = 5 * MINUTE;
/** Active-user records "expire by TTL 13 months after their month". */
const MONTHS_KEPT = 13;

/** A user who is to be active in a month: once, however many operations of the request say so. */
interface Activity {
  readonly userId: string;
  readonly month: Month;
  readonly firstOperationAt: number;
}

/**
 * Counts each user of the operations once for the RP and the month of the operation, and says of each operation, in
 * order, what came of it. `receivedAt` is when the request began, in epoch milliseconds: what decides whether a month is
 * still open, and the time of operations that bring none.
 *
 * Per user and month, the first that applies: seen in this process (no table call), has a record (an eventually
 * consistent read), is registered (a read, and a strong one before saying no), and then the conditional put. All users
 * of a request go through these together: three rounds. If the process dies anywhere, what was put is counted, and the
 * same request again answers `already-counted` for it.
 */
export async function reportOperations(
  services: MeteringServices,
  { customerId, rp }: RpCaller,
  { operations }: { operations: readonly Operation[] },
  receivedAt: number,
): Promise<OperationResult[]> {
  const { table, calendar, seenUsers } = services;
  const openMonths = calendar.openMonths(receivedAt);
  const seenKey = ({ month, userId }: Pick<Activity, 'month' | 'userId'>) => `${rp} ${month} ${userId}`;

  const dated = operations.map((operation) => {
    const occurredAt = operation.occurredAt ?? receivedAt;
    return { ...operation, occurredAt, month: monthOf(occurredAt) };
  });
  function monthOf(occurredAt: number): Month | 'month-closed' | 'in-the-future' {
    if (occurredAt > receivedAt + AHEAD) return 'in-the-future';
    // Within the allowance a clock that is ahead may be in the next month already: open too.
    if (occurredAt < calendar.startOf(openMonths[0] as Month)) return 'month-closed';
    return calendar.monthOf(occurredAt);
  }

  const activities = new Map<string, Activity>();
  for (const { userId, month, occurredAt } of dated) {
    if (month === 'month-closed' || month === 'in-the-future') continue;
    const key = seenKey({ userId, month });
    const known = activities.get(key);
    if (!seenUsers.has(key) && (!known || occurredAt < known.firstOperationAt)) {
      activities.set(key, { userId, month, firstOperationAt: occurredAt });
    }
  }
  const outcomes = await countAll([...activities.values()]);

  const first = new Set<string>();
  return dated.map(({ userId, month }) => {
    if (month === 'month-closed' || month === 'in-the-future') return { userId, status: 'rejected', reason: month };
    const key = seenKey({ userId, month });
    const outcome = outcomes.get(key) ?? 'already-counted';
    if (outcome === 'user-not-registered') return { userId, status: 'rejected', reason: outcome };
    const isFirst = !first.has(key);
    first.add(key);
    return { userId, status: isFirst ? outcome : 'already-counted' };
  });

  async function countAll(wanted: Activity[]) {
    const results = new Map<string, 'counted' | 'already-counted' | 'user-not-registered'>();
    const active = await readWhetherActive(table, rp, wanted);
    wanted.forEach((activity, index) => {
      if (active[index]) results.set(seenKey(activity), 'already-counted');
    });
    const unknown = wanted.filter((_, index) => !active[index]);
    const registered = await readUsers(table, rp, [...new Set(unknown.map(({ userId }) => userId))], 'eventual').then(
      (users) => new Set(users.flatMap((user) => (user ? [user.userId] : []))),
    );
    await Promise.all([
      ...unknown.filter(({ userId }) => registered.has(userId)).map(count),
      countUnseen(unknown.filter(({ userId }) => !registered.has(userId))),
    ]);
    for (const [key, result] of results) if (result !== 'user-not-registered') seenUsers.set(key, true);
    return results;

    async function count(activity: Activity) {
      const expiresAt = calendar.startOf(calendar.plus(activity.month, MONTHS_KEPT + 1));
      results.set(seenKey(activity), await putActiveUser(table, { customerId, rp, ...activity }, toTtl(expiresAt)));
    }

    /** "What a replica has not seen yet must not be refused." */
    async function countUnseen(absent: Activity[]) {
      const userIds = [...new Set(absent.map(({ userId }) => userId))];
      const users = await readUsers(table, rp, userIds, 'strong');
      const seenNow = new Set(users.flatMap((user) => (user ? [user.userId] : [])));
      await Promise.all(
        absent.map((activity) => {
          if (seenNow.has(activity.userId)) return count(activity);
          results.set(seenKey(activity), 'user-not-registered');
          return undefined;
        }),
      );
    }
  }
}
