import { deleteApiKeys, readApiKeysOf } from '../../table/api-keys.ts';
import { readRp } from '../../table/rps.ts';
import { deleteUsers, readUsersOf } from '../../table/users.ts';
import type { AnnouncingServices, RpToDiscard } from '../discarding.ts';
import { MINUTE, SECOND } from '../time.ts';

/** The GSI has shown every API key that was created before the removal by then. */
const FINDER_CATCHES_UP = MINUTE;
/** Between two looks for keys that may still show up. */
const LOOKS_AGAIN = 30 * SECOND;
const ITEMS_AT_ONCE = 100;

/**
 * Discards the API keys and then the users of an RP that was removed. What is not done is handed to the queue again:
 * there was no time left, or keys may still show up. Nothing new comes: keys and users are created in transactions that
 * check that the RP is not removed. If the process dies, the queue delivers the same again.
 */
export async function discardRp(
  { table, clock, log, discard }: AnnouncingServices,
  message: RpToDiscard,
  hasTime: () => boolean,
): Promise<void> {
  const { customerId, id } = message;
  const rp = await readRp(table, customerId, id, 'strong');
  // The removal that this was to follow did not happen.
  if (rp?.removedAt === undefined) return;
  // Both ways, since the local service's clock can be put back.
  const keysMayShowUp = Math.abs(clock.now() - rp.removedAt) < FINDER_CATCHES_UP;

  let discarded = 0;
  let afterKey: string | undefined;
  do {
    const { apiKeys, lastKeyId } = await readApiKeysOf(table, rp, ITEMS_AT_ONCE, afterKey);
    await deleteApiKeys(
      table,
      apiKeys.map(({ keyId }) => keyId),
    );
    discarded += apiKeys.length;
    afterKey = lastKeyId;
  } while (afterKey !== undefined);
  for (;;) {
    if (!hasTime()) return discard([message], 0);
    const { items } = await readUsersOf(table, id, ITEMS_AT_ONCE, undefined);
    if (items.length === 0) break;
    await deleteUsers(
      table,
      id,
      items.map(({ userId }) => userId),
    );
    discarded += items.length;
  }
  log.info('discarded', { customerId, rpRef: id, items: discarded });
  if (keysMayShowUp) await discard([message], LOOKS_AGAIN);
}
