import type { ItemCounts } from '../customers/customers.ts';
import { kindOf, type Key } from '../keys.ts';

/** Returns the number of keys of each kind of item. */
export function countKinds(keys: readonly Key[]): ItemCounts {
  const counts: Record<string, number> = {};
  for (const key of keys) {
    const kind = kindOf(key);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Adds up several counts, separately for each kind of item. */
export function addCounts(...added: readonly ItemCounts[]): ItemCounts {
  const sums: Record<string, number> = {};
  for (const counts of added) {
    for (const [kind, items] of Object.entries(counts)) sums[kind] = (sums[kind] ?? 0) + items;
  }
  return sums;
}
