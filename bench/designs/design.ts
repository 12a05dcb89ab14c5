import type { RpCaller } from '../../functions/domain/callers.ts';
import type { CalendarServices } from '../../functions/domain/services.ts';
import { toTtl } from '../../functions/domain/time.ts';
import type { ActiveUser } from '../../functions/table/active-users.ts';
import { calendar } from '../setting/population.ts';

/** One operation of a user, reported by itself. */
export interface Reported {
  readonly userId: string;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
}
/** Handles an operation in a warm process after the key check. */
export type Report = (caller: RpCaller, operation: Reported) => Promise<'counted' | 'already-counted'>;

/** A way to count each user once a month. All designs have the same key check before it. */
export interface Design {
  readonly name: string;
  /** Starts a warm process with its own memory. */
  startProcess(services: CalendarServices): Report;
  /** The counters move by the stream's aggregator, or by the design itself: both counters or only the RP's. */
  readonly counting: 'aggregator' | 'itself' | 'itself-rp-only';
}

/** Returns the record of an operation and its TTL, as in this design. */
export function recordOf(
  { customerId, rpRef }: RpCaller,
  { userId, occurredAt }: Reported,
): { record: ActiveUser; ttl: number } {
  const month = calendar.monthOf(occurredAt);
  return {
    record: { customerId, rpRef, month, userId, firstOperationAt: occurredAt },
    ttl: toTtl(calendar.endOf(calendar.plus(month, 13))),
  };
}
