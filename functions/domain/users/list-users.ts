import { readUsersOf } from '../../table/users/users.ts';
import type { RpCaller } from '../callers.ts';
import { userView } from './user-view.ts';
import { listAnswer, type Page } from '../pages.ts';
import type { Services } from '../services.ts';

/** Returns a page of at most `limit` users of the caller's RP, sorted by user ID. */
export async function listUsers({ table }: Services, { rpRef }: RpCaller, { limit, cursor }: Page) {
  const { items, last } = await readUsersOf(table, rpRef, limit, cursor);
  return listAnswer(
    items.map((user) => userView(user, undefined)),
    last,
  );
}
