import type { ItemCounts } from '../customers/customers.ts';
import type { Table } from '../engine/client.ts';
import { deleteItems } from '../engine/deletes.ts';
import { find, type Found } from '../engine/reads.ts';
import { apiKeysOf, kindOf, ownedOf, type Key } from '../keys.ts';
import { mailAt } from '../mails.ts';
import type { Rp } from '../rps.ts';
import { addCounts, countKinds } from './item-counts.ts';
import type { Emptied } from './partitions.ts';

/**
 * The maximum number of keys that one query returns. `deleteItems` then deletes the items of these keys with 20
 * parallel calls.
 */
const KEYS_A_DELETION = 500;

/**
 * Counts the items of each kind that a customer owns outside its own partition and its RPs' partitions. Finds these
 * items with queries of the finder (our GSI).
 */
export async function countOwned(table: Table, customerId: string): Promise<ItemCounts> {
  let counts: ItemCounts = {};
  let after: Found | undefined;
  do {
    const page: { found: Found[]; last: Found | undefined } = await find(table, ownedOf(customerId), { after });
    counts = addCounts(counts, countKinds(page.found));
    after = page.last;
  } while (after !== undefined);
  return counts;
}

/**
 * Deletes, until time runs out, the items that a customer owns outside its own partition and its RPs' partitions:
 * sessions, links, API keys, and e-mails that are not sent yet. Does not delete the e-mail with the ID `spared.mailId`,
 * which confirms the deletion, and does not free the e-mail addresses of the customer's administrators, which stay
 * reserved until the last step of the deletion.
 */
export function discardOwned(
  table: Table,
  customerId: string,
  spared: { readonly mailId: string | undefined },
  hasTime: () => boolean,
): Promise<Emptied> {
  const sparedPk = spared.mailId === undefined ? undefined : mailAt(spared.mailId).pk;
  return discardFound(table, ownedOf(customerId), hasTime, (key) => kindOf(key) === 'email' || key.pk === sparedPk);
}

/**
 * Deletes the API keys of an RP until time runs out. May miss an API key that was created just before the call, because
 * reads of the finder (our GSI) are eventually consistent.
 */
export function discardApiKeysOf(
  table: Table,
  { customerId, id }: Pick<Rp, 'customerId' | 'id'>,
  hasTime: () => boolean,
): Promise<Emptied> {
  return discardFound(table, apiKeysOf(customerId, id), hasTime, () => false);
}

/**
 * Deletes the items of a range of the finder (our GSI), except those for which `isSpared` returns true. Deletes at
 * least one page of items, and stops when time runs out. Reads the range only once, because the finder still lists
 * items for a short time after their deletion. If the process dies, some items are deleted, and another call deletes
 * the rest.
 */
async function discardFound(
  table: Table,
  range: { finderPk: string; prefix: string },
  hasTime: () => boolean,
  isSpared: (key: Key) => boolean,
): Promise<Emptied> {
  let discarded: ItemCounts = {};
  let after: Found | undefined;
  for (;;) {
    const { found, last } = await find(table, range, { limit: KEYS_A_DELETION, after });
    const doomed = found.filter((key) => !isSpared(key));
    await deleteItems(table, doomed);
    discarded = addCounts(discarded, countKinds(doomed));
    if (last === undefined) return { isEmpty: true, discarded };
    if (doomed.length > 0 && !hasTime()) return { isEmpty: false, discarded };
    after = last;
  }
}
