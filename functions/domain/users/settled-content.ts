import type { Table } from '../../table/engine/client.ts';
import { untilNoConflict } from '../../table/engine/conflicts.ts';
import { ConflictError } from '../../table/engine/unavailable-error.ts';
import { readHandleContent, type HandleContent } from '../../table/users/credentials.ts';
import type { User } from '../../table/users/users.ts';

/** The content of a user handle that nobody has a credential of. */
const EMPTY: HandleContent = { handle: undefined, credentials: [] };

/**
 * Reads the handle item and the credentials of a user, with strongly consistent reads, and repeats the read until both
 * are of one moment. A query may see a part of a transaction:
 *
 *     the query reads the credentials: {A}     a registration adds B, and counts 2 credentials
 *     the query reads the handle item: 2
 *     2 is not the number of credentials read: the query is repeated
 *
 * If a credential is removed and another one is added between the two reads, the numbers are equal, but the writes on
 * the removed credential then fail.
 *
 * Throws `UnavailableError` if the numbers still differ after 2 seconds, so that an item that is wrong, whatever the
 * cause, cannot keep the process busy.
 */
export async function readSettledContent(
  table: Table,
  rpRef: string,
  { userHandle, hasHandleItem }: Pick<User, 'userHandle' | 'hasHandleItem'>,
): Promise<HandleContent> {
  if (userHandle === undefined || !hasHandleItem) return EMPTY;
  return untilNoConflict(table, async () => {
    const content = await readHandleContent(table, rpRef, userHandle, 'strong');
    const { handle, credentials } = content;
    if (handle === undefined || handle.credentials === credentials.length) return content;
    throw new ConflictError('The number of credentials in the handle item is not the number of credentials read.');
  });
}
