import type { RpToDiscard } from './remove-rp.ts';
import { deleteApiKey, readApiKeysOf } from '../table/api-keys.ts';
import { readRp } from '../table/rps.ts';
import { deleteUsers, readUsersOf } from '../table/users.ts';
import type { Services } from './services.ts';
import { MINUTE } from './time.ts';

/** The GSI has shown every API key that was created before the removal by then. */
const FINDER_CATCHES_UP = MINUTE;
const ITEMS_AT_ONCE = 100;

/**
 * Discards the API keys and then the users of an RP that was removed. Gives whether all is done; if not, it is to be
 * called again: there was no time left, or keys may still show up. Nothing new comes: keys and users are created in
 * transactions that check that the RP is not removed. If the process dies, the queue delivers the same again.
 */
export async function discardRp(
  { table, clock, log }: Services,
  { customerId, id }: RpToDiscard,
  hasTime: () => boolean,
): Promise<'discarded' | 'to-be-continued'> {
  const rp = await readRp(table, customerId, id, 'strong');
  // The removal that this was to follow did not happen.
  if (rp?.removedAt === undefined) return 'discarded';
  const keysMayShowUp = clock.now() < rp.removedAt + FINDER_CATCHES_UP;

  let discarded = 0;
  let afterKey: string | undefined;
  do {
    const { apiKeys, lastKeyId } = await readApiKeysOf(table, rp, ITEMS_AT_ONCE, afterKey);
    await Promise.all(apiKeys.map(({ keyId }) => deleteApiKey(table, { customerId, rp: id, keyId })));
    discarded += apiKeys.length;
    afterKey = lastKeyId;
  } while (afterKey !== undefined);
  for (;;) {
    if (!hasTime()) return 'to-be-continued';
    const { items } = await readUsersOf(table, id, ITEMS_AT_ONCE, undefined);
    if (items.length === 0) break;
    await deleteUsers(
      table,
      id,
      items.map(({ userId }) => userId),
    );
    discarded += items.length;
  }
  log.info('discarded', { customerId, rp: id, items: discarded });
  return keysMayShowUp ? 'to-be-continued' : 'discarded';
}
