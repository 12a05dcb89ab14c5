import { LRUCache } from 'lru-cache';
import type { Operation, OperationResult } from '../../contract/operations.ts';
import type { Calendar, Month } from '../calendar.ts';
import type { RpCaller } from '../callers.ts';
import { recordActiveUsers, type Activity, type MeteringServices } from './record-active-users.ts';
import { AHEAD } from '../operation-times.ts';
import type { CalendarServices } from '../services.ts';

/**
 * Adds a cache of counted users to the services. The cache lasts as long as the process. Each entry is a user and a
 * month in which the user is already counted, and the cache keeps the 20,000 most recently used entries. The cache
 * allocates the memory for all entries when the process starts, so 100,000 entries would make a cold start 15 ms
 * longer.
 */
export function withSeenUsers<S extends CalendarServices>(services: S): S & MeteringServices {
  return { ...services, seenUsers: new LRUCache({ max: 20_000 }) };
}

/**
 * Counts the users of the given operations. Each user of the caller's RP counts once per month. Returns the result of
 * each operation, in the order of `operations`. `receivedAt` is the time when the request began, in epoch milliseconds.
 * `receivedAt` determines which months are open. An operation without `occurredAt` counts as an operation at the time
 * `receivedAt`.
 */
export async function reportOperations(
  services: MeteringServices,
  caller: RpCaller,
  { operations }: { operations: readonly Operation[] },
  receivedAt: number,
): Promise<OperationResult[]> {
  const { calendar } = services;
  const open = { from: calendar.firstOpenInstant(receivedAt), to: receivedAt + AHEAD };
  const dated = operations.map(({ userId, occurredAt = receivedAt }) => ({
    userId,
    occurredAt,
    ...monthOrReason(calendar, occurredAt, open),
  }));

  // A request may contain several operations of one user in one month. The active-user record then contains the time of
  // the earliest of these operations, and only the operation that `operations` lists first can have the result
  // `counted`.
  const activities = new Map<string, Activity>();
  for (const { userId, month, occurredAt } of dated) {
    if (month === undefined) continue;
    const key = `${month} ${userId}`;
    const firstOperationAt = Math.min(occurredAt, activities.get(key)?.firstOperationAt ?? occurredAt);
    activities.set(key, { userId, month, firstOperationAt });
  }
  const outcomes = await recordActiveUsers(services, caller, [...activities.values()]);
  const outcomeOf = new Map([...activities.keys()].map((key, index) => [key, outcomes[index]]));

  return dated.map(({ userId, month, reason }) => {
    if (month === undefined) return { userId, status: 'rejected', reason };
    const key = `${month} ${userId}`;
    const outcome = outcomeOf.get(key) ?? 'already-counted';
    if (outcome === 'user-not-registered') return { userId, status: 'rejected', reason: outcome };
    outcomeOf.set(key, 'already-counted');
    return { userId, status: outcome };
  });
}

type MonthOrReason =
  | { readonly month: Month; readonly reason?: never }
  | { readonly month?: never; readonly reason: 'month-closed' | 'in-the-future' };

/**
 * Returns the month of an operation, or the reason why the service cannot count the operation. The service accepts
 * operations in the period `open`, from the instant `from` to the instant `to`, both included.
 */
function monthOrReason(calendar: Calendar, occurredAt: number, open: { from: number; to: number }): MonthOrReason {
  if (occurredAt > open.to) return { reason: 'in-the-future' };
  if (occurredAt < open.from) return { reason: 'month-closed' };
  return { month: calendar.monthOf(occurredAt) };
}
