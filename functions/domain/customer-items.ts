import pMap from 'p-map';
import type { Customer } from '../table/customers.ts';
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
function partitionsOf({ id, createdAt }: Rp, { calendar, clock }: CalendarServices): RpPartition[] {
  const last = calendar.plus(calendar.monthOf(clock.now()), 1); // what a clock that was ahead reported
  const oldest = calendar.plus(last, -MONTHS_KEPT);
  const created = calendar.plus(calendar.monthOf(createdAt), -1); // what was reported late
  const partitions: RpPartition[] = [{ kind: 'user', range: usersOf(id) }];
  for (let month = created > oldest ? created : oldest; month <= last; month = calendar.plus(month, 1)) {
    for (const range of activeUsersOf(id, month)) partitions.push({ kind: 'active-user', range });
  }
  return partitions;
}

/** Gives every partition of a customer's RPs, removed ones too, in which there may be something. */
export async function readPartitions(services: CalendarServices, { customerId }: Customer): Promise<RpPartition[]> {
  const rps = await readAllRps(services.table, customerId, 'strong');
  return rps.flatMap((rp) => partitionsOf(rp, services));
}

/** Counts everything that a customer has, by kind, and what is in each partition of its RPs. */
export async function countItems(
  services: CalendarServices,
  customer: Customer,
): Promise<{ counts: ItemCounts; partitions: readonly (RpPartition & { readonly items: number })[] }> {
  const { table } = services;
  const { customerId } = customer;
  const partitions = await pMap(
    await readPartitions(services, customer),
    async ({ kind, range }) => ({ kind, range, items: await countRange(table, range) }),
    { concurrency: PARTITIONS_AT_ONCE },
  );
  const keys = await Promise.all([
    readAllKeys(table, customerPartition(customerId)),
    findAll(table, ownedOf(customerId)),
  ]);
  return { counts: add([...keys.flat().map((key) => ({ kind: kindOf(key), items: 1 })), ...partitions]), partitions };
}

function add(counted: readonly { readonly kind: string; readonly items: number }[]): ItemCounts {
  const counts: Record<string, number> = {};
  for (const { kind, items } of counted) if (items > 0) counts[kind] = (counts[kind] ?? 0) + items;
  return counts;
}
