import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { linkLimitKey } from '../keys.ts';
import { isConditionFailed, type Table } from '../engine/client.ts';
import { absent } from '../engine/conditions.ts';
import { readItem } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/** The links that were recently sent to an e-mail address. The service limits their number. */
interface LinkLimit {
  /**
   * The e-mails that count toward the limit, oldest first, each with the time at which it was counted, in epoch
   * milliseconds.
   */
  readonly places: readonly { readonly mailId: string; readonly takenAt: number }[];
  /** Increases with each write of this item. */
  readonly version: number;
}

/**
 * Deletes the record of the links that were sent to an e-mail address. This write belongs in the transaction that
 * deletes the administrator with this address, so that these links do not count toward the limit of a new sign-up.
 */
export function dropLinkLimit(email: string): Write<LinkLimit> {
  return { Delete: { Key: linkLimitKey(email) } };
}

/**
 * Counts an e-mail with a link toward the limit of the recipient's address: at most `max` e-mails within `window`
 * milliseconds. Returns true when the e-mail is counted, and false when the limit is reached. An e-mail counts only
 * once, even when the service tries again to send it. If each attempt counted, `max` failed attempts to send one e-mail
 * would reach the limit, and the service would then never send this e-mail. If the process dies after the write, the
 * next attempt to send the same e-mail finds that the e-mail is already counted.
 *
 * Two calls A and B for the same address cannot exceed the limit together:
 *
 *     A reads version 3                  B reads version 3
 *     A counts its e-mail: version 4     …
 *                                        B's condition is false: the version is not 3
 *                                        B reads version 4, which includes A's e-mail
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
    // Also counts e-mails whose time is in the future, because the local service's clock can be set back.
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
          ConditionExpression: limit ? 'version = :version' : absent,
          ExpressionAttributeValues: limit && { ':version': limit.version },
        }),
      );
      return true;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  }
}
