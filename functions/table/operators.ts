import { operatorsRange } from './keys.ts';
import type { Table } from './engine/client.ts';
import { readRange } from './engine/reads.ts';

/** Returns whether there is at least one operator. Costs 0.5 read units. */
export async function hasOperators(table: Table): Promise<boolean> {
  const { items } = await readRange(table, operatorsRange, { consistency: 'eventual', limit: 1 });
  return items.length > 0;
}
