import type { ClosingRecord } from '../table/closing-records.ts';
import type { ItemCounts } from '../table/customers/customers.ts';
import type { PartitionHandle, Uncounted } from '../table/discarding/partitions.ts';
import type { CalendarServices, Services } from './services.ts';
import { SECOND } from './time.ts';

/** The API keys of a removed RP, and everything that is registered at it. */
export interface RpToDiscard {
  readonly what: 'rp';
  readonly customerId: string;
  readonly id: string;
}
/** Everything in one partition of a customer that unsubscribes. */
export interface PartitionToDiscard {
  readonly what: 'partition';
  readonly customerId: string;
  readonly partition: PartitionHandle;
}
/** A step of discarding a customer, and where it goes on. */
export interface DiscardingStep {
  readonly step: 'count' | 'announce' | 'sweep' | 'finish';
  /** The RP behind which the step goes on. @default - from the first on */
  readonly afterRp?: string | undefined;
  /** The sum that `count` has reached. */
  readonly counts?: ItemCounts | undefined;
  /** Partitions that `count` has begun and not finished: it goes on with these. */
  readonly uncounted?: readonly Uncounted[] | undefined;
  /** Whether `sweep` has found anything. */
  readonly found?: boolean | undefined;
}
/** A customer that unsubscribes, and the next step of its discarding. */
export interface CustomerToDiscard extends DiscardingStep {
  readonly what: 'customer';
  readonly customerId: string;
}
/** A message of the discarding queue. */
export type ToDiscard = RpToDiscard | PartitionToDiscard | CustomerToDiscard;

/** Hands work to the discarding queue, which delivers it after a delay in milliseconds, at least once. */
export type Discard = (messages: readonly ToDiscard[], delay: number) => Promise<void>;

/**
 * Longer than the request that sends a message can last: by then the change that the message announces was made or never
 * will be.
 */
export const AFTER_THE_REQUEST = 30 * SECOND;

export interface AnnouncingServices extends Services {
  readonly discard: Discard;
}
export interface DiscardingServices extends AnnouncingServices, CalendarServices {
  /** Keeps a closing record outside the table, where restoring a backup of the table does not remove it. */
  readonly keepClosingRecord: (record: ClosingRecord) => Promise<void>;
  /**
   * How long after the fence a write for the customer can still arrive, in milliseconds: API keys are remembered for 10
   * seconds, and every function ends at its time-out.
   */
  readonly sweepAfter: number;
}
