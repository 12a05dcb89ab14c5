import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { linkLimitKey } from './keys.ts';
import { readItem } from './reads.ts';
import { isConditionFailed, type Table } from './table.ts';

interface LinkLimit {
  /** When links were sent, epoch milliseconds, oldest first. */
  readonly sentAt: readonly number[];
  /** Moves with each write. */
  readonly version: number;
}

/**
 * Takes one of the `max` places for links to an address within any `window` milliseconds. Gives whether there was one.
 * Two takers at once: the second fails its condition, reads again and sees the first's place taken. If the process dies
 * after taking a place, that place is lost for the window and no link too many is sent.
 */
export async function takeLinkPlace(
  table: Table,
  email: string,
  now: number,
  max: number,
  window: number,
): Promise<boolean> {
  for (;;) {
    const limit = await readItem<LinkLimit>(table, linkLimitKey(email), 'strong');
    const recent = (limit?.sentAt ?? []).filter((sentAt) => sentAt > now - window);
    if (recent.length >= max) return false;
    try {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...linkLimitKey(email),
            sentAt: [...recent, now],
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
