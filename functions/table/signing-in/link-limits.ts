import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { linkLimitKey } from '../keys.ts';
import { readItem } from '../engine/reads.ts';
import { isConditionFailed, type Table } from '../engine/client.ts';
import type { Write } from '../engine/transaction.ts';

interface LinkLimit {
  /** Which e-mails took a place and when, epoch milliseconds, oldest first. */
  readonly places: readonly { readonly mailId: string; readonly takenAt: number }[];
  /** Moves with each write. */
  readonly version: number;
}

/** Drops what is known of the links that an address got: with its administrator, so that it can sign up again at once. */
export function dropLinkLimit(email: string): Write {
  return { Delete: { Key: linkLimitKey(email) } };
}

/**
 * Takes one of the `max` places for links to an address within any `window` milliseconds. Gives whether there was one.
 * An e-mail that is tried again keeps the place that it took: else five failures of SES would use up an hour, and the
 * e-mail itself would be refused. Two takers at once: the second fails its condition, reads again and sees the first's
 * place taken. If the process dies after taking a place, the next try of that e-mail finds it.
 */
export async function takeLinkPlace(
  table: Table,
  { to, mailId }: { readonly to: string; readonly mailId: string },
  now: number,
  max: number,
  window: number,
): Promise<boolean> {
  for (;;) {
    const limit = await readItem<LinkLimit>(table, linkLimitKey(to), 'strong');
    // Both ways, since the local service's clock can be set back.
    const recent = (limit?.places ?? []).filter(({ takenAt }) => Math.abs(now - takenAt) < window);
    if (recent.some((place) => place.mailId === mailId)) return true;
    if (recent.length >= max) return false;
    try {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...linkLimitKey(to),
            places: [...recent, { mailId, takenAt: now }],
            version: (limit?.version ?? 0) + 1,
            ttl: Math.ceil((now + window) / 1_000),
          },
          ConditionExpression: limit ? 'version = :version' : 'attribute_not_exists(pk)',
          ExpressionAttributeValues: limit && { ':version': limit.version },
        }),
      );
      return true;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  }
}
