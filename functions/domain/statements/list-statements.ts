import type { StatementView } from '../../contract/statements.ts';
import type { Table } from '../../table/engine/client.ts';
import { readAllRps, type Rp } from '../../table/rps.ts';
import {
  readRpsOfStatements,
  readStatements,
  type Statement,
  type StatementRp,
} from '../../table/metering/statements.ts';
import type { AdministratorCaller } from '../callers.ts';
import { moneyView } from '../licenses/overage-fee.ts';
import { cursorAfter, howManyFit, listAnswer, RESPONSE_SIZE, sizeInResponse, type Page } from '../pages.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';
import { csvHeader, csvRowsOf } from './statements-csv.ts';

type Caller = Pick<AdministratorCaller, 'customer'>;

/** The maximum number of statements that one page contains. */
const STATEMENTS_A_PAGE = 24;
/**
 * The size, in bytes, that the lists of RPs of one response may have together. The service reads this size for 3 read
 * units, whatever RPs the customer had in the past.
 */
const RPS_A_PAGE = 24_000;
/**
 * The same maximum for CSV, and for a customer that has more than `FEW_RPS` RPs. For each response, the service also
 * reads all RPs of the customer, so larger and fewer responses cost less.
 */
const RPS_A_LARGE_PAGE = 3_000_000;
const FEW_RPS = 50;

/**
 * Returns a page of at most `limit` statements of the caller's customer, the newest first. A page has fewer statements
 * when `limit` statements would contain too many RPs for one response. The table contains the names that RPs had when
 * the months were closed. The response contains the current names, which can be longer, so the function also checks the
 * size of the response itself.
 */
export async function listStatements({ table }: Services, { customer }: Caller, { limit, cursor }: Page) {
  const { customerId, registeredRps } = customer;
  const rpsSize = registeredRps > FEW_RPS ? RPS_A_LARGE_PAGE : RPS_A_PAGE;
  const page = await readPage(table, customerId, Math.min(limit, STATEMENTS_A_PAGE), rpsSize, cursor);
  const [rpsOf, present] = await Promise.all([
    readRpsOfStatements(table, customerId, page.statements),
    readPresentRps(table, customerId),
  ]);
  const views = page.statements.map((statement) => viewOf(statement, rpsOf, present));
  const sizes = views.map((view) => sizeInResponse(JSON.stringify(view)));
  const fitting = views.slice(0, howManyFit(sizes, RESPONSE_SIZE));
  return listAnswer(fitting, fitting.length < views.length ? fitting.at(-1)?.month : page.last);
}

/**
 * Returns the statements of the caller's customer as CSV, the newest first, beginning after the month `after`. The CSV
 * contains as many whole statements as fit in one response. Also returns the cursor with which the next call continues,
 * or null when the CSV contains the oldest statement.
 */
export async function listStatementsAsCsv(
  { table }: Services,
  { customer }: Caller,
  after: string | undefined,
): Promise<{ csv: string; nextCursor: string | null }> {
  const parts = [csvHeader];
  let size = sizeInResponse(csvHeader);
  let last: string | undefined;
  for await (const statement of eachStatement(table, customer.customerId, after)) {
    const rows = csvRowsOf(statement);
    size += sizeInResponse(rows);
    if (size > RESPONSE_SIZE && last !== undefined) return { csv: parts.join(''), nextCursor: cursorAfter(last) };
    parts.push(rows);
    last = statement.month;
  }
  return { csv: parts.join(''), nextCursor: null };
}

/** Yields the statements of a customer, the newest first, beginning after the month `after`. */
async function* eachStatement(
  table: Table,
  customerId: string,
  after: string | undefined,
): AsyncGenerator<StatementView> {
  const present = await readPresentRps(table, customerId);
  let last = after;
  do {
    const page = await readPage(table, customerId, STATEMENTS_A_PAGE, RPS_A_LARGE_PAGE, last);
    const rpsOf = await readRpsOfStatements(table, customerId, page.statements);
    for (const statement of page.statements) yield viewOf(statement, rpsOf, present);
    last = page.last;
  } while (last !== undefined);
}

/**
 * Reads up to `limit` statements, the newest first, beginning after the month `after`. Returns fewer statements when
 * their lists of RPs have more than `rpsSize` bytes together. Also returns the month after which the next page begins;
 * this month is undefined on the last page.
 */
async function readPage(
  table: Table,
  customerId: string,
  limit: number,
  rpsSize: number,
  after: string | undefined,
): Promise<{ statements: Statement[]; last: string | undefined }> {
  const { items, last } = await readStatements(table, customerId, limit, after);
  const sizes = items.map((statement) => statement.rpsSize);
  const statements = items.slice(0, howManyFit(sizes, rpsSize));
  return { statements, last: statements.length < items.length ? statements.at(-1)?.month : last };
}

/** Reads the RPs of a customer that are not removed. Returns the RPs by ID. */
async function readPresentRps(table: Table, customerId: string): Promise<ReadonlyMap<string, Rp>> {
  const present = await readAllRps(table, customerId, 'eventual');
  return new Map(present.map((rp) => [rp.id, rp]));
}

/**
 * Converts a statement to the form that API responses use. An RP has its current name, or, if it was removed, the name
 * that the statement contains.
 */
function viewOf(
  { month, timeZone, closedAt, license, mau, measured = 0, maxMau, overageMau, overageFee }: Statement,
  rpsOf: ReadonlyMap<string, readonly StatementRp[]>,
  present: ReadonlyMap<string, Rp>,
): StatementView {
  return {
    month,
    timeZone,
    closedAt: toIso(closedAt),
    license: {
      type: license.type,
      startsAt: toIso(license.startsAt),
      endsAt: license.endsAt === null ? null : toIso(license.endsAt),
    },
    mau,
    measured,
    maxMau,
    overageMau,
    overageFee: overageFee && moneyView(overageFee),
    rps: (rpsOf.get(month) ?? []).map(({ id, rpId, name, ...counts }) => ({
      id,
      rpId,
      name: present.get(id)?.name ?? name,
      removed: !present.has(id),
      mau: counts.mau,
      measured: counts.measured ?? 0,
    })),
  };
}
