import type { StatementView } from '../../contract/statements.ts';
import { readAllRps, type Rp } from '../../table/rps.ts';
import { readAllStatements, readStatements, type Statement } from '../../table/statements.ts';
import type { AdministratorCaller } from '../callers.ts';
import { listAnswer, type Page } from '../pages.ts';
import { byAge } from '../rps/rp-view.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';

type Caller = Pick<AdministratorCaller, 'customer'>;

/**
 * The maximum number of RPs in one response. The response of a Lambda function can have at most 6 MB, and each RP, with
 * its name and domain name, takes up to 1.1 KB of the response.
 */
const RPS_A_PAGE = 4_000;

/**
 * Returns a page of at most `limit` statements of the caller's customer, the newest first. A page has fewer statements
 * when `limit` statements would contain too many RPs for one response.
 */
export async function listStatements({ table }: Services, { customer }: Caller, { limit, cursor }: Page) {
  const { customerId } = customer;
  const [{ items, last: lastRead }, rps] = await Promise.all([
    readStatements(table, customerId, limit, cursor),
    readAllRps(table, customerId, 'eventual'),
  ]);
  const fitting = items.slice(0, howManyFit(items));
  const last = fitting.length < items.length ? fitting.at(-1)?.month : lastRead;
  return listAnswer<StatementView>(fitting.map(viewWith(rps)), last);
}

/** Returns all statements of a customer, the newest first. */
export async function listAllStatements({ table }: Services, { customer }: Caller): Promise<StatementView[]> {
  const [statements, rps] = await Promise.all([
    readAllStatements(table, customer.customerId),
    readAllRps(table, customer.customerId, 'eventual'),
  ]);
  return statements.reverse().map(viewWith(rps));
}

/** Returns how many of the statements, counted from the first statement, fit in one response. Returns at least 1. */
function howManyFit(statements: readonly Statement[]): number {
  let rps = 0;
  const tooMany = statements.findIndex((statement) => (rps += Object.keys(statement.rps).length) > RPS_A_PAGE);
  return tooMany === -1 ? statements.length : Math.max(1, tooMany);
}

/**
 * Returns a function that converts a statement to the form that API responses use, with the current names of the RPs.
 */
function viewWith(rps: readonly Rp[]): (statement: Statement) => StatementView {
  const oldestFirst = rps.toSorted(byAge);
  return ({ month, timeZone, closedAt, license, mau, maxMau, overageMau, overageFee, rps: mauOf }) => ({
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
    overageFee,
    rps: oldestFirst.flatMap(({ id, rpId, name, removedAt }) => {
      const ofRp = mauOf[id];
      return ofRp === undefined ? [] : [{ id, rpId, name, removed: removedAt !== undefined, mau: ofRp }];
    }),
  });
}
