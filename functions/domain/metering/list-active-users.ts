import type { ActiveUserView } from '../../contract/active-users.ts';
import { fieldError } from '../../contract/errors/field-errors.ts';
import { positionOf, readActiveUsers, type ActiveUser } from '../../table/metering/active-users.ts';
import type { Calendar, Month } from '../calendar.ts';
import type { AdministratorCaller } from '../callers.ts';
import { InvalidInputError } from '../errors.ts';
import { cursorAfter, listAnswer, RESPONSE_SIZE, sizeInResponse, type Page } from '../pages.ts';
import { MONTHS_KEPT } from '../retention.ts';
import type { CalendarServices } from '../services.ts';
import { toIso } from '../time.ts';
import { activeUserCsvRow, activeUsersCsvHeader } from './active-users-csv.ts';
import { rpOfMonth, rpsOfMonth, type RpOfMonth } from './rps-of-month.ts';

type Caller = Pick<AdministratorCaller, 'customer'>;
interface Wanted extends Pick<Page, 'cursor'> {
  readonly month: Month;
  /** The ID of the RP whose active users are wanted. @default - those of all RPs */
  readonly rp?: string | undefined;
}

/**
 * The maximum number of queries for a page. The active users of an RP are read with at least 16 queries, each of which
 * takes at least 1 read unit, so a page of a customer with many small RPs ends before it is full. Any 31 queries in
 * turn include all queries of an RP, so a page of RPs that have active users is not empty, unless it is the last page.
 */
const QUERIES_A_PAGE = 32;
/** The same maximum for CSV. So many queries that find few users take some seconds. */
const QUERIES_A_CSV = 1_000;
/** The maximum number of users that CSV reads with a query. They take less than 1 MB in the table. */
const USERS_A_QUERY = 5_000;

/**
 * Returns a page of at most `limit` active users of a month, at the RP `rp` or at all RPs of the caller's customer. The
 * active users of a closed month are exactly those that the month's statement counts: the function reads the same
 * records, with strongly consistent reads, for the RPs of the statement. Users that become active while a list is read
 * page by page move no user to another page.
 *
 * Throws `InvalidInputError` when the service no longer keeps all active-user records of the month, and `NotFoundError`
 * when the customer has no such RP.
 */
export async function listActiveUsers(
  services: CalendarServices,
  caller: Caller,
  { limit, ...wanted }: Wanted & Pick<Page, 'limit'>,
) {
  const items: ActiveUserView[] = [];
  let queries = 0;
  for await (const { rp, users, next } of eachQuery(services, caller, wanted, () => limit - items.length)) {
    items.push(...users.map((user) => viewOf(rp, user)));
    queries += 1;
    if (items.length >= limit || queries >= QUERIES_A_PAGE) return listAnswer(items, next);
  }
  return listAnswer(items, undefined);
}

/**
 * Returns the active users of a month as CSV, beginning after the cursor. The CSV contains as many users as fit in one
 * response, and fewer if they are spread over many RPs. Also returns the cursor with which the next call continues, or
 * null when the CSV contains the last user. Throws the same errors as `listActiveUsers`.
 */
export async function listActiveUsersAsCsv(
  services: CalendarServices,
  caller: Caller,
  wanted: Wanted,
): Promise<{ csv: string; nextCursor: string | null }> {
  const { month } = wanted;
  const { timeZone } = services.calendar;
  const parts = [activeUsersCsvHeader];
  let size = sizeInResponse(activeUsersCsvHeader);
  let queries = 0;
  const cutAt = (cursor: string) => ({ csv: parts.join(''), nextCursor: cursorAfter(cursor) });
  for await (const { rp, users, next } of eachQuery(services, caller, wanted, () => USERS_A_QUERY)) {
    let last: string | undefined;
    for (const user of users) {
      const row = activeUserCsvRow({ month, timeZone }, viewOf(rp, user));
      size += sizeInResponse(row);
      if (size > RESPONSE_SIZE && last !== undefined) return cutAt(last);
      parts.push(row);
      last = keyOf(month, rp, positionOf(user.userId));
    }
    queries += 1;
    if ((size > RESPONSE_SIZE || queries >= QUERIES_A_CSV) && next !== undefined) return cutAt(next);
  }
  return { csv: parts.join(''), nextCursor: null };
}

/** The active users that a query has read. */
interface Queried {
  readonly rp: RpOfMonth;
  readonly users: readonly ActiveUser[];
  /** The key after which the next query begins. Undefined after the last query. */
  readonly next: string | undefined;
}

/**
 * Yields the result of each query for active users, beginning after the cursor. `limitOf` is called before each query
 * and returns the maximum number of users for it.
 */
async function* eachQuery(
  { table, clock, calendar }: CalendarServices,
  { customer: { customerId } }: Caller,
  { month, rp: only, cursor }: Wanted,
  limitOf: () => number,
): AsyncGenerator<Queried> {
  refuseIfNotKept(calendar, month, clock.now());
  const [, begun = '', position] = cursor?.split('/') ?? [];
  const rps = await (only === undefined
    ? rpsOfMonth(table, customerId, month)
    : rpOfMonth(table, customerId, month, only));
  const left = rps.filter(({ id }) => id >= begun);
  for (const [index, rp] of left.entries()) {
    const following = left[index + 1];
    let after = rp.id === begun && position !== '' ? position : undefined;
    do {
      const { items: users, last } = await readActiveUsers(table, rp.id, month, limitOf(), after);
      after = last;
      yield { rp, users, next: last === undefined ? following && keyOf(month, following, '') : keyOf(month, rp, last) };
    } while (after !== undefined);
  }
}

/** Returns the key of a position in the list. An empty position is the one before the first user of the RP. */
const keyOf = (month: Month, { id }: RpOfMonth, position: string) => `${month}/${id}/${position}`;

/**
 * Throws `InvalidInputError` if DynamoDB may already have deleted active-user records of a month, so that a list of
 * them could be too short.
 */
function refuseIfNotKept(calendar: Calendar, month: Month, now: number): void {
  const earliest = calendar.plus(calendar.monthOf(now), -MONTHS_KEPT);
  if (month < earliest) throw new InvalidInputError([fieldError('#/month', 'no-longer-kept', { earliest })]);
}

const viewOf = ({ id, rpId }: RpOfMonth, { userId, firstOperationAt, source }: ActiveUser): ActiveUserView => ({
  userId,
  firstOperationAt: toIso(firstOperationAt),
  source,
  rp: { id, rpId },
});
