import { pendingUnsubscription, type Customer } from '../../table/customers/customers.ts';
import { transact } from '../../table/engine/transaction.ts';
import { keepAnnounced, startUnsubscribing } from '../../table/customers/customer-status.ts';
import { cancelUnsubscriptionRequest } from '../../table/customers/unsubscription-requests.ts';
import { newChange } from '../audit/new-change.ts';
import { AFTER_THE_REQUEST, type AnnouncingServices } from '../discarding.ts';
import { eachCustomer } from '../customers/each-customer.ts';
import { decideLicenseNotice } from '../licenses/decide-license-notice.ts';
import { unsubscribeObstacle } from '../licenses/unsubscribe-obstacle.ts';
import { noticeOfCancellation } from '../mail/unsubscription-notices.ts';
import { DAY } from '../time.ts';

/**
 * The number of customers that a run handles at the same time. Most customers need no work, and the others need one
 * queue message and one write.
 */
const CUSTOMERS_AT_ONCE = 10;

/**
 * The time, in milliseconds, within which the service normally discards all data of a customer. If the discarding takes
 * longer, the customer's message in the discarding queue may have been lost, so the next hourly run sends another
 * message.
 */
const DISCARDED_WITHIN = 2 * DAY;

/** The result of an hourly run. Each number counts the customers for one reason. */
export interface BeginReport {
  /** Customers whose grace period ended. */
  unsubscribed: number;
  /** Customers whose grace period ended while their license was paid, so the run cancelled the unsubscription. */
  cancelled: number;
  /** Customers that the operator unsubscribed and whose final statements are written to a file. */
  ended: number;
  /** Customers whose discarding made no progress. */
  resumed: number;
  /** Customers whose administrators get a notice about the license. */
  noticed: number;
  /** Whether the run reached the last customer. If not, the next run continues where this run stopped. */
  isComplete: boolean;
}

/**
 * Begins to discard two groups of customers: those whose grace period after unsubscribing has ended, and those that the
 * operator unsubscribed and whose discarding the operator has allowed. Also resumes each discarding that makes no
 * progress.
 *
 * The run reads every customer item anyway, so it also decides, without another read, which customers get a notice
 * about their license.
 *
 * The function sends a customer's queue message before the function writes to the customer item. If the process dies
 * before the write, the next run sends the message again, and a second message does no harm. If the customer changes
 * after the function read it, the write fails, and the next run checks the customer again:
 *
 *     the run reads the customer: the grace period has ended
 *                                                  Bob cancels, or the operator sets a paid license
 *     the run's write fails; the message that it sent has no effect
 *
 * A run stops when `hasTime` returns false, and the next run begins with the customer at which this run stopped. When a
 * customer fails, the run logs the error and continues with the other customers. In the end, the run throws an `Error`
 * with the number of customers that failed, so that Lambda repeats the run, and the operator gets an alarm if the run
 * fails again.
 */
export async function beginDiscarding(services: AnnouncingServices, hasTime: () => boolean): Promise<BeginReport> {
  const { table, clock, log, discard } = services;
  const author = { service: 'schedule' } as const;
  const begin: Record<Reason, (customer: Customer) => Promise<boolean>> = {
    unsubscribed: setFence,
    cancelled: cancel,
    ended: announceAgain,
    resumed: (customer) => {
      log.warn('the discarding of a customer stood still', { customerId: customer.customerId });
      return announceAgain(customer);
    },
  };
  const report = { unsubscribed: 0, cancelled: 0, ended: 0, resumed: 0, noticed: 0 };
  const failure = 'the hourly work for a customer failed; the next run tries again';
  const { isComplete, failed } = await eachCustomer(
    services,
    { name: 'begin-discarding', atOnce: CUSTOMERS_AT_ONCE, failure, hasTime },
    async (customer) => {
      const reason = reasonToBegin(customer, clock.now());
      if (reason && (await begin[reason](customer))) report[reason] += 1;
      if (!reason && (await decideLicenseNotice(services, customer))) report.noticed += 1;
      return true;
    },
  );
  if (failed > 0) throw new Error(`Customers whose hourly work failed: ${failed}.`);
  return { ...report, isComplete };

  /**
   * Sends the queue message that starts the discarding, and sets the customer's status to `unsubscribing` (the fence).
   * Changes nothing and returns false when the customer changed after this run read the customer.
   */
  async function setFence(customer: Customer): Promise<boolean> {
    const { customerId, status } = customer;
    await announce(customer);
    const startedAt = clock.now();
    const change = newChange(services, author, customerId, {
      kind: 'customer-unsubscribed',
      before: { status },
      after: { status: 'unsubscribing' },
    });
    const failures = await transact(table, {
      customer: startUnsubscribing(customer, {
        startedAt,
        by: 'representative',
        discards: true,
        announcedAt: startedAt,
      }),
      audit: change.write,
    });
    if (failures) return false;
    change.log();
    return true;
  }

  /**
   * Cancels an unsubscription because the customer's license became paid during the grace period. Stores an e-mail to
   * all privileged administrators in the same transaction. Returns false when somebody else cancelled first.
   */
  async function cancel(customer: Customer): Promise<boolean> {
    const { customerId, unsubscriptionRequest: before } = customer;
    const made = { kind: 'unsubscription-cancelled', before, after: null } as const;
    const change = newChange(services, author, customerId, made);
    const failures = await transact(table, {
      customer: cancelUnsubscriptionRequest(customer),
      audit: change.write,
      notice: noticeOfCancellation(customer, null, clock.now(), services.requestId),
    });
    if (failures) return false;
    change.log();
    return true;
  }

  /** Sends the queue message for a customer whose fence already stands. */
  async function announceAgain(customer: Customer): Promise<boolean> {
    await announce(customer);
    return keepAnnounced(table, customer.customerId, clock.now());
  }

  async function announce({ customerId }: Customer): Promise<void> {
    await discard([{ what: 'customer', customerId, step: 'count' }], AFTER_THE_REQUEST);
  }
}

type Reason = keyof Omit<BeginReport, 'isComplete' | 'noticed'>;

function reasonToBegin(customer: Customer, now: number): Reason | undefined {
  const { status, unsubscription } = customer;
  const pending = pendingUnsubscription(customer);
  if (pending && now >= pending.effectiveAt) return unsubscribeObstacle(customer, now) ? 'cancelled' : 'unsubscribed';
  if (status !== 'unsubscribing' || unsubscription?.discards !== true) return undefined;
  const { by, startedAt, announcedAt } = unsubscription;
  if (by === 'operator' && announcedAt === undefined) return 'ended';
  return now >= (announcedAt ?? startedAt) + DISCARDED_WITHIN ? 'resumed' : undefined;
}
