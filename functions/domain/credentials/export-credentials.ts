import type { ExportItem } from '../../contract/moving-credentials.ts';
import type { Table } from '../../table/engine/client.ts';
import { chunks } from '../../table/engine/batches.ts';
import { sortTextOf } from '../../table/users/credentials.ts';
import { readUser, readUsersOf, type User } from '../../table/users/users.ts';
import type { RpCaller } from '../callers.ts';
import { listAnswer, type Page } from '../pages.ts';
import type { Services } from '../services.ts';
import { readSettledContent } from '../users/settled-content.ts';
import { movedItem } from './moved-item.ts';

/** How many users the function reads credentials of at once. Beyond a full page, it reads those of so many at most. */
const AT_ONCE = 10;

/** An item of the export, and the key after which the next page begins if the item is the last one of its page. */
interface Exported {
  readonly key: string;
  readonly item: ExportItem;
}

/**
 * Returns a page of at most `limit` credentials of the RP with their users, sorted by user ID. A user without a
 * credential is an item too. The cursor contains the ID of a user and, if the page ends between two credentials of the
 * user, the hash of the last credential's ID. Sign-ins change neither, so they move no item to another page.
 *
 * The reads are strongly consistent: a page contains everything that was registered before it was requested. A page
 * reads at most `limit` users, and the credentials of at most `limit` users.
 */
export async function exportCredentials({ table }: Services, { rpRef }: RpCaller, { limit, cursor }: Page) {
  const [begun, hash] = cursor?.split('/') ?? [];
  const [first, { items: users, last }] = await Promise.all([
    begun !== undefined && hash !== undefined ? readUser(table, rpRef, begun, 'strong') : undefined,
    readUsersOf(table, rpRef, limit, begun),
  ]);
  const rest = first && hash !== undefined ? await itemsOf(table, rpRef, first) : [];
  const items = rest.filter(({ key }) => key > `${begun}/${hash}`);
  for (const some of chunks(users, AT_ONCE)) {
    if (items.length > limit) break;
    items.push(...(await Promise.all(some.map((user) => itemsOf(table, rpRef, user)))).flat());
  }
  const page = items.slice(0, limit);
  const next = items.length > limit ? page.at(-1)?.key : last;
  return listAnswer<ExportItem>(
    page.map(({ item }) => item),
    next,
  );
}

/**
 * Returns the items of a user, sorted by the hash of the credential ID: one for each credential, or one without a
 * credential. Returns none if the user was removed since the user was read.
 */
async function itemsOf(table: Table, rpRef: string, user: User): Promise<Exported[]> {
  const { userId, registeredAt } = user;
  const { handle, credentials } = await readSettledContent(table, rpRef, user);
  if (user.hasHandleItem && (handle?.userId !== userId || handle.registeredAt !== registeredAt)) return [];
  if (credentials.length === 0) return [{ key: userId, item: movedItem(user, undefined) }];
  return credentials
    .map((credential) => ({
      key: `${userId}/${sortTextOf(credential.credentialId)}`,
      item: movedItem(user, credential),
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
