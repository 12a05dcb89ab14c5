import { noticeLimitKey } from '../keys.ts';
import { absent } from '../engine/conditions.ts';
import type { Table } from '../engine/client.ts';
import { readItem } from '../engine/reads.ts';
import { transact, type Write } from '../engine/transaction.ts';
import { countMailOnce } from '../mails.ts';

/** The number of notices that a customer caused in the current window. */
interface NoticeLimit {
  /** The time at which the window started, in epoch milliseconds. */
  readonly startedAt: number;
  readonly notices: number;
}

/**
 * Returns the write that deletes the number of notices of a customer. The write belongs in the transaction that deletes
 * the customer.
 */
export function dropNoticeLimit(customerId: string): Write<NoticeLimit> {
  return { Delete: { Key: noticeLimitKey(customerId) } };
}

/**
 * Counts a notice toward the limit of its customer: at most `max` notices in a window of `length` milliseconds. A
 * window starts with the first notice after the previous window. Returns `counted` when the notice may be sent on its
 * own, and `gone` when the notice no longer exists. Returns the time at which the window ends, in epoch milliseconds,
 * when the limit is reached.
 *
 * The same transaction marks the notice as counted, so a notice counts only once, even when the service tries again to
 * send it. If the process dies after the transaction, the next attempt finds the mark.
 *
 * Two calls A and B for the same customer cannot exceed the limit together:
 *
 *     A reads 59 notices                 B reads 59 notices
 *     A writes 60 notices                …
 *                                        B's condition is false: the number is not 59
 *                                        B reads 60 notices: the limit is reached
 */
export async function countNotice(
  table: Table,
  { customerId, mailId }: { readonly customerId: string; readonly mailId: string },
  now: number,
  { max, length }: { readonly max: number; readonly length: number },
): Promise<'counted' | 'gone' | { readonly endsAt: number }> {
  for (;;) {
    const limit = await readItem<NoticeLimit>(table, noticeLimitKey(customerId), 'strong');
    // A window in the future is possible only in the local service, whose clock can be set back.
    const isCurrent = limit !== undefined && limit.startedAt <= now && now < limit.startedAt + length;
    const { startedAt, notices } = isCurrent ? limit : { startedAt: now, notices: 0 };
    const endsAt = startedAt + length;
    if (notices >= max) return { endsAt };
    const failures = await transact(table, {
      mail: countMailOnce(mailId),
      limit: {
        Put: {
          Item: { ...noticeLimitKey(customerId), startedAt, notices: notices + 1, ttl: Math.ceil(endsAt / 1_000) },
          ConditionExpression: limit ? 'startedAt = :startedAt AND notices = :notices' : absent,
          ExpressionAttributeValues: limit && { ':startedAt': limit.startedAt, ':notices': limit.notices },
        },
      },
    });
    if (!failures) return 'counted';
    // Another call for the same notice either counted the notice or has already sent and deleted it.
    if (failures.mail) return failures.mail.item ? 'counted' : 'gone';
  }
}
