import type { ClosingRecord } from '../table/closing-records.ts';
import type { ItemCounts } from '../table/customers/customers.ts';
import type { PartitionHandle, Uncounted } from '../table/discarding/partitions.ts';
import type { CalendarServices, Services } from './services.ts';
import { SECOND } from './time.ts';

/** The task to discard the API keys of a removed RP and everything that was registered for the RP, such as users. */
export interface RpToDiscard {
  readonly what: 'rp';
  readonly customerId: string;
  readonly id: string;
  /** The time, in epoch milliseconds, at which the request that removes the RP has ended. */
  readonly removedBy: number;
}
/** The task to discard everything in one partition of a customer that is unsubscribing. */
export interface PartitionToDiscard {
  readonly what: 'partition';
  readonly customerId: string;
  readonly partition: PartitionHandle;
  /** The last month of the partition's RP, if the RP was removed. @default - the RP was not removed */
  readonly lastMonth?: string | undefined;
}
/**
 * One step in the discarding of a customer, and the position at which the step continues. `discardCustomer` describes
 * the steps.
 */
export interface DiscardingStep {
  readonly step: 'count' | 'announce' | 'sweep' | 'finish';
  /**
   * The position, in the list of the customer's RPs, after which the step continues.
   * @default - the step begins at the first RP
   */
  readonly afterRp?: string | undefined;
  /** The number of items of each kind that the step `count` has found so far. */
  readonly counts?: ItemCounts | undefined;
  /**
   * The partitions in which the step `count` has not counted all items yet. The step continues with these partitions.
   */
  readonly uncounted?: readonly Uncounted[] | undefined;
  /**
   * Whether the current sweep, which empties all partitions of the customer's RPs, has found an item so far. The step
   * `sweep` repeats until one sweep finds no item.
   */
  readonly found?: boolean | undefined;
}
/** The task to perform the next step in the discarding of a customer that is unsubscribing. */
export interface CustomerToDiscard extends DiscardingStep {
  readonly what: 'customer';
  readonly customerId: string;
}
/** A message of the discarding queue. */
export type ToDiscard = RpToDiscard | PartitionToDiscard | CustomerToDiscard;

/**
 * Sends messages to the discarding queue. The queue delivers each message at least once, and not before `delay`
 * milliseconds have passed.
 */
export type Discard = (messages: readonly ToDiscard[], delay: number) => Promise<void>;

/**
 * The delay, in milliseconds, of a queue message about a change to the table. A request that makes such a change sends
 * the message before it makes the change. The delay is longer than a request can last, so when the message arrives, the
 * change has been made or will never be made.
 */
export const AFTER_THE_REQUEST = 30 * SECOND;

export interface AnnouncingServices extends Services {
  readonly discard: Discard;
}
export interface DiscardingServices extends AnnouncingServices, CalendarServices {
  /**
   * Stores the record about a customer that unsubscribed (the closing record) in a separate table, so that restoring
   * the service's table from a backup does not remove the record.
   */
  readonly keepClosingRecord: (record: ClosingRecord) => Promise<void>;
  /**
   * The time, in milliseconds, for which writes for a customer can still arrive after the fence. The fence is the write
   * that sets the customer's status to `unsubscribing`. The Lambda functions cache API keys for 10 seconds, and each
   * invocation ends, at the latest, when it reaches the timeout of its function.
   */
  readonly sweepAfter: number;
}
