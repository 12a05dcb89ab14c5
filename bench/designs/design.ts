import type { RpCaller } from '../../functions/domain/callers.ts';
import type { CalendarServices } from '../../functions/domain/services.ts';
import { toTtl } from '../../functions/domain/time.ts';
import type { ActiveUser } from '../../functions/table/active-users.ts';
import { calendar } from '../population.ts';

/** One operation of a user, reported by itself. */
export interface Reported {
  readonly userId: string;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
}
/** What a warm process does with an operation once its key was checked. */
export type Report = (caller: RpCaller, operation: Reported) => Promise<'counted' | 'already-counted'>;

/** A way to count each user once a month. The key check before it is the same for all. */
export interface Design {
  readonly name: string;
  /** Makes a warm process, with what it remembers. */
  startProcess(services: CalendarServices): Report;
  /** What moves the counters: the stream's aggregator, or the design itself, both of them or the RP's alone. */
  readonly counting: 'aggregator' | 'itself' | 'itself-rp-only';
}

/** Gives the record that an operation makes, and when it expires: as this design does. */
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
