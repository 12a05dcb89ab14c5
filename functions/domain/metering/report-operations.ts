import { LRUCache } from 'lru-cache';
import type { Operation, OperationResult } from '../../contract/users.ts';
import type { Calendar, Month } from '../calendar.ts';
import type { RpCaller } from '../callers.ts';
import { recordActiveUsers, type Activity, type MeteringServices } from './record-active-users.ts';
import { AHEAD } from './operation-times.ts';
import type { CalendarServices } from '../services.ts';

/**
 * Adds what the metering remembers while its process is warm: 20,000 users and months, the latest used ones. The room for
 * them is taken at the start: 100,000 would make a cold start 15 ms longer.
 */
export function withSeenUsers<S extends CalendarServices>(services: S): S & MeteringServices {
  return { ...services, seenUsers: new LRUCache({ max: 20_000 }) };
}

/**
 * Counts each user of the operations once for the RP and the month of the operation, and says of each operation, in
 * order, what came of it. `receivedAt` is when the request began, in epoch milliseconds: what decides whether a month is
 * still open, and the time of operations that bring none.
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

  // A user of several operations in a month is counted with the earliest, and answered with the first.
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

/** Gives the month that an operation belongs to, or why it cannot be counted. Both ends of `open` are included. */
function monthOrReason(calendar: Calendar, occurredAt: number, open: { from: number; to: number }): MonthOrReason {
  if (occurredAt > open.to) return { reason: 'in-the-future' };
  if (occurredAt < open.from) return { reason: 'month-closed' };
  return { month: calendar.monthOf(occurredAt) };
}
