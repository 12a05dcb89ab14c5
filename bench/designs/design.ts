import type { RpCaller } from '../../functions/domain/callers.ts';
import type { CalendarServices } from '../../functions/domain/services.ts';
import { toTtl } from '../../functions/domain/time.ts';
import type { ActiveUser } from '../../functions/table/metering/active-users.ts';
import { calendar } from '../setting/population.ts';

/** A user's operation, which the RP reports in a request that contains no other operation. */
export interface Reported {
  readonly userId: string;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
}
/**
 * Handles an operation in a warm process, after the API key was checked. Returns whether the operation counted its
 * user, or whether the user was already counted in the month.
 */
export type Report = (caller: RpCaller, operation: Reported) => Promise<'counted' | 'already-counted'>;

/**
 * A way to count each user only once per month. The benchmark checks the API key before each operation, in the same way
 * for all designs.
 */
export interface Design {
  readonly name: string;
  /**
   * Starts a simulated warm Lambda process with its own cache. Returns the function that handles operations in this
   * process.
   */
  startProcess(services: CalendarServices): Report;
  /**
   * The code that updates the MAU counters: the aggregator, which reads the table's stream, or the design's own code.
   * With the value `itself`, the design updates the counters of the RP and of the customer. With `itself-rp-only`, the
   * design updates only the counter of the RP.
   */
  readonly counting: 'aggregator' | 'itself' | 'itself-rp-only';
}

/** Returns the active-user record that the service stores for an operation, and the record's TTL in epoch seconds. */
export function recordOf(
  { customerId, rpRef }: RpCaller,
  { userId, occurredAt }: Reported,
): { record: ActiveUser; ttl: number } {
  const month = calendar.monthOf(occurredAt);
  return {
    record: { customerId, rpRef, month, userId, firstOperationAt: occurredAt, source: 'reported' },
    ttl: toTtl(calendar.endOf(calendar.plus(month, 13))),
  };
}
