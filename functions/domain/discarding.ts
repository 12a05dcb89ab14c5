import type { ClosingRecord } from '../table/closing-records.ts';
import type { ItemCounts } from '../table/customers/customers.ts';
import type { CalendarServices, Services } from './services.ts';
import { SECOND } from './time.ts';

/** The API keys and users of an RP that was removed. */
export interface RpToDiscard {
  readonly what: 'rp';
  readonly customerId: string;
  readonly id: string;
}
/** Everything in one partition of a customer that unsubscribes. */
export interface PartitionToDiscard {
  readonly what: 'partition';
  readonly customerId: string;
  readonly pk: string;
}
/** A customer that unsubscribes, and what is to be done for it next. */
export interface CustomerToDiscard {
  readonly what: 'customer';
  readonly customerId: string;
  readonly step: 'count' | 'announce' | 'sweep' | 'finish';
  /** The RP behind which the step goes on. @default - from the first on */
  readonly afterRp?: string | undefined;
  /** What `count` has counted so far. */
  readonly counts?: ItemCounts | undefined;
  /** Whether `sweep` has found anything so far. */
  readonly found?: boolean | undefined;
}
/** A message of the discarding queue. */
export type ToDiscard = RpToDiscard | PartitionToDiscard | CustomerToDiscard;

/** Hands work to the discarding queue, which delivers it after a delay in milliseconds, at least once. */
export type Discard = (messages: readonly ToDiscard[], delay: number) => Promise<void>;

/**
 * Longer than the request that sends a message can last: by then, what the message announces has happened or never will.
 */
export const AFTER_THE_REQUEST = 30 * SECOND;

export interface AnnouncingServices extends Services {
  readonly discard: Discard;
}
export interface DiscardingServices extends AnnouncingServices, CalendarServices {
  /** Keeps a closing record outside the table, where no backup of the table takes it back. */
  readonly keepClosingRecord: (record: ClosingRecord) => Promise<void>;
  /**
   * How long after the fence nothing of a customer can be written any more, in milliseconds: API keys are remembered for
   * 10 seconds, and no function lasts longer than its time-out.
   */
  readonly sweepAfter: number;
}
