import type { StatementView } from '../../contract/statements.ts';
import { readAllRps, type Rp } from '../../table/rps.ts';
import {
  readAllStatements,
  readRpsOfStatements,
  readStatements,
  type Statement,
  type StatementRp,
} from '../../table/statements.ts';
import type { AdministratorCaller } from '../callers.ts';
import { feeView } from '../licenses/overage-fee.ts';
import { listAnswer, type Page } from '../pages.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';

type Caller = Pick<AdministratorCaller, 'customer'>;

/** The maximum number of statements in one response. */
const STATEMENTS_A_PAGE = 24;
/**
 * The size, in bytes, that the lists of RPs of one response may have together. The service reads this size for 3 read
 * units, whatever RPs the customer had in the past.
 */
const RPS_A_PAGE = 24_000;
/**
 * The same maximum for a customer that has more than `FEW_RPS` RPs. For each response, the service also reads all RPs
 * of the customer, so larger and fewer responses cost less. The response of a Lambda function can have at most 6 MB.
 */
const RPS_A_LARGE_PAGE = 3_000_000;
const FEW_RPS = 50;

/**
 * Returns a page of at most `limit` statements of the caller's customer, the newest first. A page has fewer statements
 * when `limit` statements would contain too many RPs for one response.
 */
export async function listStatements({ table }: Services, { customer }: Caller, { limit, cursor }: Page) {
  const { customerId, registeredRps } = customer;
  const most = Math.min(limit, STATEMENTS_A_PAGE);
  const { items, last: lastRead } = await readStatements(table, customerId, most, cursor);
  const fitting = items.slice(0, howManyFit(items, registeredRps > FEW_RPS ? RPS_A_LARGE_PAGE : RPS_A_PAGE));
  const last = fitting.length < items.length ? fitting.at(-1)?.month : lastRead;
  return listAnswer<StatementView>(await viewsOf(table, customerId, fitting), last);
}

/** Returns all statements of a customer, the newest first. */
export async function listAllStatements({ table }: Services, { customer }: Caller): Promise<StatementView[]> {
  const statements = await readAllStatements(table, customer.customerId);
  return viewsOf(table, customer.customerId, statements.reverse());
}

/**
 * Returns how many of the statements, counted from the first statement, have lists of RPs with a total of at most
 * `size` bytes. Returns at least 1.
 */
function howManyFit(statements: readonly Statement[], size: number): number {
  let total = 0;
  const tooMany = statements.findIndex(({ rpsSize }) => (total += rpsSize) > size);
  return tooMany === -1 ? statements.length : Math.max(1, tooMany);
}

/** Converts statements to the form that API responses use. The statements must follow each other. */
async function viewsOf(
  table: Services['table'],
  customerId: string,
  statements: readonly Statement[],
): Promise<StatementView[]> {
  const [rpsOf, present] = await Promise.all([
    readRpsOfStatements(table, customerId, statements),
    readAllRps(table, customerId, 'eventual'),
  ]);
  const presentOf = new Map(present.map((rp) => [rp.id, rp]));
  return statements.map((statement) => viewOf(statement, rpsOf.get(statement.month) ?? [], presentOf));
}

/**
 * Converts a statement to the form that API responses use. An RP has its current name, or, if it was removed, the name
 * that the statement contains.
 */
function viewOf(
  { month, timeZone, closedAt, license, mau, maxMau, overageMau, overageFee }: Statement,
  rps: readonly StatementRp[],
  presentOf: ReadonlyMap<string, Rp>,
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
    maxMau,
    overageMau,
    overageFee: feeView(overageFee),
    rps: rps.map(({ id, rpId, name, mau: ofRp }) => ({
      id,
      rpId,
      name: presentOf.get(id)?.name ?? name,
      removed: !presentOf.has(id),
      mau: ofRp,
    })),
  };
}
