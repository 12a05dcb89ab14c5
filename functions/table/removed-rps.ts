import type { ActiveUserCounts } from './metering/active-users.ts';
import { removedRpKey, removedRpsOf, removedRpsSince, shownRpKey, shownRpsSince } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';
import { readBetween, readItem, readLast, readRange, type Consistency, type Page } from './engine/reads.ts';
import { transact, type Write } from './engine/transaction.ts';
import { updateWhile } from './engine/updates.ts';
import { closedMauUpdate, closedMonthOf, readRps, slotOf, type Rp } from './rps.ts';

/**
 * A removed RP. Its item lists the RP for the service: to close and recount the months in which the RP had active
 * users, and to discard its active-user records. A removed RP that had active users has a second item, which lists the
 * RP in the MAU view. DynamoDB deletes each item after the time in the attribute `ttl`.
 */
export interface RemovedRp extends Pick<Rp, 'customerId' | 'id' | 'rpId' | 'name' | 'createdAt' | 'closedMau'> {
  /** The time at which the RP was removed, in epoch milliseconds. */
  readonly removedAt: number;
  /** The last month in which the RP can have active users. */
  readonly lastMonth: string;
}

/** Stores a removed RP. This write belongs in the transaction that deletes the RP's item. */
export function putRemovedRp(rp: RemovedRp, ttl: number): Write<RemovedRp> {
  return { Put: { Item: { ...rp, ...removedRpKey(rp.customerId, rp.lastMonth, rp.id), ttl } } };
}

/** Lists a removed RP in the MAU view. Fails when the view lists the RP already. */
export function putShownRp(rp: RemovedRp, ttl: number): Write<RemovedRp> {
  return {
    Put: { Item: { ...rp, ...shownRpKey(rp.customerId, rp.lastMonth, rp.id), ttl }, ConditionExpression: absent },
  };
}

/**
 * Stores a removed RP's MAU in a month that is about to be closed, and lists the RP in the MAU view if it is not listed
 * yet. If the process dies, or if two runs close the same month, the next run stores the same number again.
 */
export async function storeClosedMauOfRemoved(
  table: Table,
  rp: RemovedRp,
  { month, counts, ttl }: { readonly month: string; readonly counts: ActiveUserCounts; readonly ttl: number },
): Promise<void> {
  const Key = shownRpKey(rp.customerId, rp.lastMonth, rp.id);
  const add = () => updateWhile(table, { Key, ...closedMauUpdate(month, counts) });
  if (await add()) return;
  const closedMau = { ...rp.closedMau, [slotOf(month)]: closedMonthOf(month, counts) };
  const failures = await transact(table, { shown: putShownRp({ ...rp, closedMau }, ttl) });
  // Another run has listed the RP since the first update.
  if (failures) await add();
}

/** Reads a removed RP. Returns undefined when the customer removed no such RP with this last month. */
export function readRemovedRp(
  table: Table,
  customerId: string,
  lastMonth: string,
  id: string,
  consistency: Consistency,
) {
  return readItem<RemovedRp>(table, removedRpKey(customerId, lastMonth, id), consistency);
}

/** Reads the removed RPs of a customer that can have active users in `month` or later. */
export function readRemovedRpsSince(table: Table, customerId: string, month: string, consistency: Consistency) {
  return readBetween<RemovedRp>(table, removedRpsSince(customerId, month), consistency);
}

/**
 * Reads up to `limit` of the removed RPs of a customer with a strongly consistent read, those with the latest last
 * month first. `last` is defined when the customer may have more removed RPs.
 */
export function readLatestRemovedRps(table: Table, customerId: string, limit: number): Promise<Page<RemovedRp>> {
  return readRange<RemovedRp>(table, removedRpsOf(customerId), { consistency: 'strong', reverse: true, limit });
}

/**
 * Reads up to `limit` of the removed RPs that the MAU view shows from `firstMonth` on, those with the latest last month
 * first. The read is eventually consistent.
 */
export function readShownRps(table: Table, customerId: string, firstMonth: string, limit: number) {
  return readLast<RemovedRp>(table, shownRpsSince(customerId, firstMonth), limit);
}

/** An RP of a customer, removed or not. */
export type AnyRp = Rp | RemovedRp;
export const isRemoved = (rp: AnyRp): rp is RemovedRp => 'removedAt' in rp;

/** Returns the position of an RP in the list of all RPs of a customer. Only this file builds and parses positions. */
export const positionOf = (rp: AnyRp): string => (isRemoved(rp) ? `${rp.lastMonth}#${rp.id}` : rp.id);

/**
 * Reads up to `limit` RPs of a customer with strongly consistent reads, beginning after the position `after`: first the
 * RPs, and then the removed RPs. Also returns the position after which the next page begins. This position is undefined
 * on the last page.
 */
export async function readAnyRps(
  table: Table,
  customerId: string,
  limit: number,
  after: string | undefined,
): Promise<Page<AnyRp>> {
  if (!after?.includes('#')) {
    const { items, last } = await readRps(table, customerId, limit, after);
    // `#` is the position before the first removed RP.
    return { items, last: last ?? '#' };
  }
  return readRange<RemovedRp>(table, removedRpsOf(customerId), {
    consistency: 'strong',
    limit,
    after: after === '#' ? undefined : after,
  });
}
