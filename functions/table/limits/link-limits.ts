import { linkLimitKey } from '../keys.ts';
import { absent } from '../engine/conditions.ts';
import type { Table } from '../engine/client.ts';
import { readItem } from '../engine/reads.ts';
import { transact, type Write } from '../engine/transaction.ts';
import { countMailOnce } from '../mails.ts';

/** A token bucket for links. Each link takes one token. */
export interface LinkBucket {
  /** The words that identify the bucket: its kind, and the address or the customer that it limits. */
  readonly of: readonly string[];
  /** The number of tokens in a full bucket. */
  readonly atOnce: number;
  /** The time, in milliseconds, after which the bucket gets one more token. */
  readonly every: number;
}

/** The state of a token bucket from which a link was taken recently. A bucket without an item is full. */
interface LinkLimit {
  /** The time at which the bucket is full again, in epoch milliseconds. */
  readonly fullAt: number;
}

/**
 * Returns the write that deletes the state of a bucket, so that the bucket is full. The write belongs in the
 * transaction that deletes the address or the customer of the bucket, so that earlier links do not count toward the
 * limit of a new sign-up.
 */
export function dropLinkLimit(of: LinkBucket['of']): Write<LinkLimit> {
  return { Delete: { Key: linkLimitKey(of) } };
}

/**
 * Takes a token for an e-mail with a link from each of the buckets, or from none of them. Returns `counted` when the
 * e-mail may be sent, `limit-reached` when a bucket has no token left, and `gone` when the e-mail no longer exists.
 *
 * The same transaction marks the e-mail as counted, so an e-mail takes tokens only once, even when the service tries
 * again to send it. If each attempt took a token, a few failed attempts to send one e-mail would reach the limit, and
 * the service would then never send this e-mail. If the process dies after the transaction, the next attempt finds the
 * mark.
 *
 * Two calls A and B cannot take the same token:
 *
 *     A reads fullAt = 9:20              B reads fullAt = 9:20
 *     A writes fullAt = 9:30             …
 *                                        B's condition is false: fullAt is not 9:20
 *                                        B reads fullAt = 9:30, which includes A's token
 */
export async function takeLink(
  table: Table,
  mailId: string,
  buckets: readonly LinkBucket[],
  now: number,
): Promise<'counted' | 'limit-reached' | 'gone'> {
  for (;;) {
    const limits = await Promise.all(buckets.map(({ of }) => readItem<LinkLimit>(table, linkLimitKey(of), 'strong')));
    const writes: Record<string, Write> = {};
    for (const [index, bucket] of buckets.entries()) {
      const write = withoutOneToken(bucket, limits[index], now);
      if (!write) return 'limit-reached';
      writes[`bucket${index}`] = write;
    }
    const failures = await transact(table, { mail: countMailOnce(mailId), ...writes });
    if (!failures) return 'counted';
    // Another call for the same e-mail either counted the e-mail or has already sent and deleted it.
    if (failures.mail) return failures.mail.item ? 'counted' : 'gone';
  }
}

/**
 * Returns the write that takes a token from a bucket, for an e-mail that the same transaction stores as counted.
 * Returns undefined when the bucket has no token. The write fails when another link took a token after the bucket was
 * read.
 */
export async function readTokenToTake(table: Table, bucket: LinkBucket, now: number): Promise<Write | undefined> {
  return withoutOneToken(bucket, await readItem<LinkLimit>(table, linkLimitKey(bucket.of), 'strong'), now);
}

/** Returns the write that takes one token from a bucket. Returns undefined when the bucket has no token. */
function withoutOneToken(
  { of, atOnce, every }: LinkBucket,
  limit: LinkLimit | undefined,
  now: number,
): Write<LinkLimit> | undefined {
  // An empty bucket is full again after `atOnce * every`. A later time is possible only in the local service, whose
  // clock can be set back; the bucket then counts as full.
  const isPlausible = limit !== undefined && limit.fullAt - now <= atOnce * every;
  const fullAt = isPlausible ? Math.max(limit.fullAt, now) : now;
  if (fullAt - now > (atOnce - 1) * every) return undefined;
  return {
    Put: {
      Item: { ...linkLimitKey(of), fullAt: fullAt + every, ttl: Math.ceil((fullAt + every) / 1_000) },
      ConditionExpression: limit ? 'fullAt = :read' : absent,
      ExpressionAttributeValues: limit && { ':read': limit.fullAt },
    },
  };
}
