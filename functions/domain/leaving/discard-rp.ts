import { addCounts } from '../../table/discarding/item-counts.ts';
import { discardApiKeysOf } from '../../table/discarding/owned-items.ts';
import { emptyPartitions, partitionsOfRemovedRp } from '../../table/discarding/partitions.ts';
import { readRp } from '../../table/rps.ts';
import type { AnnouncingServices, RpToDiscard } from '../discarding.ts';
import { MINUTE, SECOND } from '../time.ts';

/**
 * The time after an RP's removal, in milliseconds, until the GSI contains every API key that was created before the
 * removal.
 */
const FINDER_CATCHES_UP = MINUTE;
/** The time, in milliseconds, between two searches of the GSI for API keys that reach the GSI late. */
const LOOKS_AGAIN = 30 * SECOND;

/**
 * Discards the API keys of a removed RP, then everything that was registered for the RP, such as users, the keys that
 * sign its tokens, the signed messages that the RP has used, and its refused ceremonies. The active-user records of the
 * RP stay, because the customer is billed for these records. Sends the queue message again when the Lambda function
 * runs out of time, or while more API keys may appear in the GSI. Nobody can add API keys, users or token keys to a
 * removed RP, because the transactions that store them check that the RP is not removed. A process may have cached an
 * API key for 10 seconds and still store a used message or a refusal, so the last run begins a minute after the
 * removal. If the process dies, the queue delivers the same message again.
 */
export async function discardRp(
  { table, clock, log, discard }: AnnouncingServices,
  message: RpToDiscard,
  hasTime: () => boolean,
): Promise<void> {
  const { customerId, id, removedBy } = message;
  // `removeRp` sends the queue message before `removeRp` removes the RP, so the removal may have failed. The RP existed
  // when the message was sent, so if the RP's item is gone, the RP was removed.
  if (await readRp(table, customerId, id, 'strong')) return;
  // The message may be from the future, because the clock of the local service, which runs on a developer's computer,
  // can be set back.
  const keysMayShowUp = Math.abs(clock.now() - removedBy) < FINDER_CATCHES_UP;

  const keys = await discardApiKeysOf(table, { customerId, id }, hasTime);
  const rest = keys.isEmpty ? await emptyPartitions(table, partitionsOfRemovedRp(id), hasTime) : undefined;
  const items = addCounts(keys.discarded, rest?.discarded ?? {});
  log.info('discarded', { customerId, rpRef: id, items });
  if (!rest?.isEmpty) return discard([message], 0);
  if (keysMayShowUp) await discard([message], LOOKS_AGAIN);
}
