import pMap from 'p-map';
import { activeUsersOf, customerPartition, kindOf, ownedOf, usersOf, type Range } from '../table/keys.ts';
import { countRange, findAll, readAllKeys } from '../table/reads.ts';
import { readAllRps, type Rp } from '../table/rps.ts';
import type { ItemCounts } from '../table/unsubscriptions.ts';
import type { CalendarServices } from './services.ts';

/** Partitions looked at, or emptied, at once. */
export const PARTITIONS_AT_ONCE = 16;
/** Active-user records expire 13 months after their month; DynamoDB may take days more to delete them. */
const MONTHS_KEPT = 15;

/** A partition of one of the customer's RPs, and what is in it. */
export interface RpPartition {
  readonly kind: 'user' | 'active-user';
  readonly range: Range;
}

/** The partitions of an RP: its users, and the active users of each month in which there may be any. */
export function partitionsOf({ id, createdAt }: Rp, { calendar, clock }: CalendarServices): RpPartition[] {
  const last = calendar.plus(calendar.monthOf(clock.now()), 1); // what a clock that was ahead reported
  const oldest = calendar.plus(last, -MONTHS_KEPT);
  const created = calendar.plus(calendar.monthOf(createdAt), -1); // what was reported late
  const partitions: RpPartition[] = [{ kind: 'user', range: usersOf(id) }];
  for (let month = created > oldest ? created : oldest; month <= last; month = calendar.plus(month, 1)) {
    for (const range of activeUsersOf(id, month)) partitions.push({ kind: 'active-user', range });
  }
  return partitions;
}

/** Counts what is in each partition of an RP. */
export function countPartitions(services: CalendarServices, rp: Rp) {
  return pMap(
    partitionsOf(rp, services),
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
  for (const rp of await readAllRps(services.table, customerId, 'strong')) {
    counts = addTo(counts, await countPartitions(services, rp));
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
