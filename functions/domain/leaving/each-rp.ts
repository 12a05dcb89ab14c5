import { readRps, type Rp } from '../../table/rps.ts';
import type { Services } from '../services.ts';

/** The maximum number of RPs that one read returns. */
const RPS_A_PAGE = 100;

/**
 * Yields a customer's RPs with IDs greater than `after`, including removed RPs, sorted by ID. Yields all RPs when
 * `after` is undefined.
 */
export async function* eachRp(
  { table }: Pick<Services, 'table'>,
  customerId: string,
  after: string | undefined,
): AsyncGenerator<Rp> {
  let behind = after;
  for (;;) {
    const { items, last } = await readRps(table, customerId, RPS_A_PAGE, behind);
    yield* items;
    if (last === undefined) return;
    behind = last;
  }
}
