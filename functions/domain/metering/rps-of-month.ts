import type { Table } from '../../table/engine/client.ts';
import { readMauOf } from '../../table/metering/mau-counters.ts';
import { readRpsOfStatements, readStatementsBetween } from '../../table/metering/statements.ts';
import { readRemovedRpsSince } from '../../table/removed-rps.ts';
import { readAllRps, readRp, type Rp } from '../../table/rps.ts';
import type { Month } from '../calendar.ts';
import { noSuchRp } from '../refusals.ts';

/** An RP, removed or not, that can have active users in a month. */
export type RpOfMonth = Pick<Rp, 'id' | 'rpId'>;

/**
 * Returns the RPs of a customer that had active users in a month, including removed RPs, sorted by ID.
 *
 * The RPs of a closed month are those of the month's statement. The function reads the statement with strongly
 * consistent reads, so it finds the statement of every month that is closed. The RPs of another month are those whose
 * MAU counter is not 0. A counter can be some seconds late.
 */
export async function rpsOfMonth(table: Table, customerId: string, month: Month): Promise<RpOfMonth[]> {
  const rps = (await readRpsOfStatement(table, customerId, month)) ?? (await readCountedRps(table, customerId, month));
  return rps.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Returns a list that contains the RP `id` of a customer, or an empty list if the RP has no active users in the month
 * according to the month's statement. Throws `NotFoundError` when the customer has no such RP. A removed RP is found in
 * a closed month in which it had active users, and in each open month in which it can have some.
 */
export async function rpOfMonth(table: Table, customerId: string, month: Month, id: string): Promise<RpOfMonth[]> {
  const ofStatement = await readRpsOfStatement(table, customerId, month);
  const counted = ofStatement?.find((rp) => rp.id === id);
  if (counted) return [counted];
  const present = await readRp(table, customerId, id, 'strong');
  if (present) return ofStatement ? [] : [present];
  // The removed RPs are read after the others, so an RP that is removed meanwhile is found.
  const removed = ofStatement ? [] : await readRemovedRpsSince(table, customerId, month, 'strong');
  const found = removed.filter((rp) => rp.id === id);
  if (found.length === 0) throw noSuchRp();
  return found;
}

/** Reads the RPs of the statement of a month. Returns undefined if the month has no statement. */
async function readRpsOfStatement(
  table: Table,
  customerId: string,
  month: Month,
): Promise<readonly RpOfMonth[] | undefined> {
  const statements = await readStatementsBetween(table, customerId, month, month, 'strong');
  if (statements.length === 0) return undefined;
  return (await readRpsOfStatements(table, customerId, statements, 'strong')).get(month) ?? [];
}

/** Reads the RPs whose MAU counter of a month is not 0. Reads the removed RPs only if one of them has such a counter. */
async function readCountedRps(table: Table, customerId: string, month: Month): Promise<RpOfMonth[]> {
  const { counters } = await readMauOf(table, customerId, month, undefined);
  const counted = new Set(counters.flatMap(({ rpRef, mau }) => (rpRef !== undefined && mau > 0 ? [rpRef] : [])));
  if (counted.size === 0) return [];
  const present = (await readAllRps(table, customerId, 'eventual')).filter(({ id }) => counted.delete(id));
  const removed = counted.size === 0 ? [] : await readRemovedRpsSince(table, customerId, month, 'strong');
  return [...present, ...removed.filter(({ id }) => counted.has(id))];
}
