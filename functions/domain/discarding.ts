import type { ClosingRecord } from '../table/closing-records.ts';
import type { ItemCounts } from '../table/customers/customers.ts';
import type { PartitionHandle, Uncounted } from '../table/discarding/partitions.ts';
import type { CalendarServices, Services } from './services.ts';
import { SECOND } from './time.ts';

/** Work: discard the API keys of a removed RP and everything that is registered at the RP. */
export interface RpToDiscard {
  readonly what: 'rp';
  readonly customerId: string;
  readonly id: string;
}
/** Work: discard everything in one partition of a customer that unsubscribes. */
export interface PartitionToDiscard {
  readonly what: 'partition';
  readonly customerId: string;
  readonly partition: PartitionHandle;
}
/** A step of the discarding of a customer, and the place where the step continues. */
export interface DiscardingStep {
  readonly step: 'count' | 'announce' | 'sweep' | 'finish';
  /** The step continues after this RP. @default - the step begins at the first RP */
  readonly afterRp?: string | undefined;
  /** The numbers of items that the step `count` has counted so far. */
  readonly counts?: ItemCounts | undefined;
  /** The partitions that the step `count` has not finished. It continues with these. */
  readonly uncounted?: readonly Uncounted[] | undefined;
  /** Whether the step `sweep` has found an item. */
  readonly found?: boolean | undefined;
}
/** Work: do the next step of the discarding of a customer that unsubscribes. */
export interface CustomerToDiscard extends DiscardingStep {
  readonly what: 'customer';
  readonly customerId: string;
}
/** A message of the discarding queue. */
export type ToDiscard = RpToDiscard | PartitionToDiscard | CustomerToDiscard;

/** Sends messages to the discarding queue, which delivers each at least once, `delay` milliseconds later or more. */
export type Discard = (messages: readonly ToDiscard[], delay: number) => Promise<void>;

/**
 * The delay, in milliseconds, of a message that a request sends before it makes the change that the message announces.
 * The delay is longer than a request can last: when the message arrives, the change was made or never will be.
 */
export const AFTER_THE_REQUEST = 30 * SECOND;

export interface AnnouncingServices extends Services {
  readonly discard: Discard;
}
export interface DiscardingServices extends AnnouncingServices, CalendarServices {
  /** Stores a closing record outside the table, so that restoring a backup of the table does not remove it. */
  readonly keepClosingRecord: (record: ClosingRecord) => Promise<void>;
  /**
   * For how many milliseconds after a customer's fence, the write that makes it `unsubscribing`, other writes for the
   * customer can still arrive. The functions cache API keys for 10 seconds, and each function ends at its time-out.
   */
  readonly sweepAfter: number;
}
