import type { LRUCache } from 'lru-cache';
import { putActiveUser, readWhetherActive, type ActiveUser } from '../../table/metering/active-users.ts';
import { readCustomers } from '../../table/customers/customers.ts';
import { readUsers } from '../../table/users/users.ts';
import type { Month } from '../calendar.ts';
import type { RpCaller } from '../callers.ts';
import { TooManyRequestsError } from '../errors.ts';
import { MONTHS_KEPT } from '../retention.ts';
import type { CalendarServices } from '../services.ts';
import { toTtl } from '../time.ts';
import type { TokenBuckets } from '../token-buckets.ts';

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
/**
 * The cache in which a warm process stores, for 10 seconds, the users that were neither registered nor counted. The
 * keys are those of `SeenUsers`. Each value says how many users the customer had registered when the process began to
 * look for the user: the user is still absent if the customer has registered no user since then.
 */
type AbsentUsers = LRUCache<string, string>;
export interface MeteringServices extends CalendarServices {
  readonly seenUsers: SeenUsers;
  readonly absentUsers: AbsentUsers;
  /** Limits the reads of users that are not registered, for each API key. */
  readonly unknownUsers: TokenBuckets;
}

/**
 * The number of activities that the function still checks in a request if the API key has reported too many unknown
 * users.
 */
const PROBE = 5;

/**
 * Counts each activity once for the RP that sent the request, and returns the outcome of each activity, in the order of
 * `activities`. No two activities may have the same user and month. Throws `TooManyRequestsError` when the API key has
 * reported too many users that are not registered. The service may then have counted some of the activities; a retry
 * returns `already-counted` for them.
 *
 * The function makes the cheapest check first, and each check handles all remaining activities together. The checks
 * need three rounds of calls to DynamoDB. They need another round if the process has just found some of the users to be
 * absent, and two other rounds if the eventually consistent read of the users missed a user:
 *
 *     activity                     calls                            outcome
 *     is in the process's cache    none                             already-counted
 *     is in the cache of absent    one strong read for all of them  user-not-registered
 *     users, and no user was
 *     registered since
 *     has an active-user record    eventual read                    already-counted
 *     has no registered user       eventual read, then strong read  user-not-registered
 *     passes these checks          put                              counted, or already-counted if another request put
 *                                                                   the record first
 *
 * An eventually consistent read may miss a new user, so the function reads the user again, with a strongly consistent
 * read, before it returns `user-not-registered`. If the process dies, the active-user records that the process has
 * stored remain, and a retry of the request returns `already-counted` for these records.
 *
 * Each absent user takes a token from the bucket of the API key. While the bucket is empty, the function first checks
 * the first few activities that no cache answers. If all their users are registered, it checks the others too, so an RP
 * that reports only registered users never gets `TooManyRequestsError`, not even just after it has reported too many
 * other users. A caller can make the function check more unknown users only if the first activities that no cache
 * answers are of registered users.
 */
export async function recordActiveUsers(
  services: MeteringServices,
  { customerId, rpRef, keyId }: RpCaller,
  activities: readonly Activity[],
): Promise<Outcome[]> {
  const { table, calendar, seenUsers, absentUsers, unknownUsers } = services;
  const outcomes = new Map<Activity, Outcome>();
  const cacheKey = ({ month, userId }: Activity) => `${rpRef} ${month} ${userId}`;
  const isOpen = (activity: Activity) => !outcomes.has(activity);

  // `get` also makes an entry the most recently used one, so that the cache keeps it.
  for (const activity of activities) if (seenUsers.get(cacheKey(activity))) outcomes.set(activity, 'already-counted');
  await rejectKnownAbsent(activities.filter(isOpen));

  const wait = unknownUsers.secondsToWait(keyId);
  if (wait > 0) {
    const absent = await check(activities.filter(isOpen).slice(0, PROBE));
    if (absent > 0) {
      throw new TooManyRequestsError(
        `This API key reported too many users that are not registered. Register the users, or leave them out, and send the request again after ${wait} seconds. The service counts no user twice.`,
        wait,
      );
    }
  }
  unknownUsers.take(keyId, await check(activities.filter(isOpen)));
  return activities.map((activity) => outcomes.get(activity) ?? 'user-not-registered');

  /** Rejects the activities of users whom this process has found to be absent, if no user was registered since then. */
  async function rejectKnownAbsent(open: readonly Activity[]): Promise<void> {
    const known = open.filter((activity) => absentUsers.has(cacheKey(activity)));
    if (known.length === 0) return;
    const registrations = await readRegistrations();
    for (const activity of known) {
      if (absentUsers.get(cacheKey(activity)) === registrations) outcomes.set(activity, 'user-not-registered');
    }
  }

  /**
   * Returns a text that changes with every registration of a user of the customer. The read is strongly consistent, and
   * costs 1 read unit.
   */
  async function readRegistrations(): Promise<string> {
    const [customer] = await readCustomers(table, [customerId], 'strong');
    const { month, registered } = customer?.usersOfMonth ?? { month: '', registered: 0 };
    return `${month} ${registered}`;
  }

  /**
   * Determines the outcomes of activities that no cache answers. Returns how many of their users are not registered.
   */
  async function check(unseen: readonly Activity[]): Promise<number> {
    const active = await readWhetherActive(table, rpRef, unseen);
    unseen.forEach((activity, index) => {
      if (active[index]) outcomes.set(activity, 'already-counted');
    });

    const { registered, absent } = await lookUp(unseen.filter(isOpen), 'eventual');
    await Promise.all([countAll(registered), countUnlessAbsent(absent)]);

    const isAbsent = (activity: Activity) => outcomes.get(activity) === 'user-not-registered';
    for (const activity of unseen) if (!isAbsent(activity)) seenUsers.set(cacheKey(activity), true);
    return unseen.filter(isAbsent).length;
  }

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
        const user: ActiveUser = { customerId, rpRef, ...activity, source: 'reported' };
        outcomes.set(activity, await putActiveUser(table, user, toTtl(expiresAt)));
      }),
    );
  }

  /**
   * Repeats the read, with strong consistency, for the users that the eventually consistent read did not find. Counts
   * the activities of the users that the second read finds, and remembers the other users as absent. The function reads
   * the number of registrations before it reads the users, so that it remembers no user for too long:
   *
   *     this process                               another process
   *     reads the number of registrations: 7
   *     reads the user: absent
   *                                                registers the user: 8 registrations
   *     remembers: absent at 7 registrations
   *     reads 8 at the next operation of the user, and reads the user again
   */
  async function countUnlessAbsent(absentAtFirst: readonly Activity[]): Promise<void> {
    if (absentAtFirst.length === 0) return;
    const registrations = await readRegistrations();
    const { registered, absent } = await lookUp(absentAtFirst, 'strong');
    for (const activity of absent) {
      outcomes.set(activity, 'user-not-registered');
      absentUsers.set(cacheKey(activity), registrations);
    }
    await countAll(registered);
  }
}
