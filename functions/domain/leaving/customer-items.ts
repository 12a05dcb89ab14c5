import pMap from 'p-map';
import { activeUsersOf, customerPartition, kindOf, ownedOf, usersOf, type Range } from '../../table/keys.ts';
import { readLastMonthOfMau } from '../../table/mau-counters.ts';
import { countRange, findAll, readAllKeys } from '../../table/engine/reads.ts';
import { readAllRps, type Rp } from '../../table/rps.ts';
import type { ItemCounts } from '../../table/customers/customers.ts';
import type { Month } from '../calendar.ts';
import { MONTHS_KEPT } from '../retention.ts';
import type { CalendarServices } from '../services.ts';

/** Partitions looked at, or emptied, at once. */
export const PARTITIONS_AT_ONCE = 16;
/** DynamoDB may take days more to delete what has expired. */
const MONTHS_THERE = MONTHS_KEPT + 2;

/** A partition of one of the customer's RPs, and what is in it. */
export interface RpPartition {
  readonly kind: 'user' | 'active-user';
  readonly range: Range;
}

/**
 * Gives the last month in which RPs of a customer may have active users: the next one, by an RP's clock that was ahead, or
 * what was counted last, should our own clock have been put back since, as on one machine it can be.
 */
export async function lastActiveMonth(
  { table, calendar, clock }: CalendarServices,
  customerId: string,
): Promise<Month> {
  const next = calendar.plus(calendar.monthOf(clock.now()), 1);
  const counted = await readLastMonthOfMau(table, customerId);
  return counted !== undefined && counted > next ? counted : next;
}

/** The partitions of an RP: its users, and the active users of each month in which there may be any. */
export function partitionsOf({ id, createdAt }: Rp, { calendar, clock }: CalendarServices, last: Month): RpPartition[] {
  const oldest = calendar.plus(calendar.monthOf(clock.now()), 1 - MONTHS_THERE);
  const created = calendar.plus(calendar.monthOf(createdAt), -1); // what was reported late
  const partitions: RpPartition[] = [{ kind: 'user', range: usersOf(id) }];
  for (let month = created > oldest ? created : oldest; month <= last; month = calendar.plus(month, 1)) {
    for (const range of activeUsersOf(id, month)) partitions.push({ kind: 'active-user', range });
  }
  return partitions;
}

/** Counts what is in each partition of an RP. */
export function countPartitions(services: CalendarServices, rp: Rp, last: Month) {
  return pMap(
    partitionsOf(rp, services, last),
    async ({ kind, range }) => ({ kind, items: await countRange(services.table, range) }),
    { concurrency: PARTITIONS_AT_ONCE },
  );
}

/** Counts what a customer has outside the partitions of its RPs. */
export async function countOwnItems({ table }: CalendarServices, customerId: string): Promise<ItemCounts> {
  const keys = await Promise.all([
    readAllKeys(table, customerPartition(customerId)),
    findAll(table, ownedOf(customerId)),
  ]);
  return addTo(
    {},
    keys.flat().map((key) => ({ kind: kindOf(key), items: 1 })),
  );
}

/** Counts everything that a customer has, by kind. */
export async function countItems(services: CalendarServices, customerId: string): Promise<ItemCounts> {
  let counts = await countOwnItems(services, customerId);
  const lastMonth = await lastActiveMonth(services, customerId);
  for (const rp of await readAllRps(services.table, customerId, 'strong')) {
    counts = addTo(counts, await countPartitions(services, rp, lastMonth));
  }
  return counts;
}

/** Adds to counts by kind. */
export function addTo(
  counts: ItemCounts,
  counted: readonly { readonly kind: string; readonly items: number }[],
): ItemCounts {
  const sums: Record<string, number> = { ...counts };
  for (const { kind, items } of counted) if (items > 0) sums[kind] = (sums[kind] ?? 0) + items;
  return sums;
}
