import { readAnyRps, type AnyRp } from '../../table/removed-rps.ts';
import type { Services } from '../services.ts';

/** The maximum number of RPs that one read returns. */
const RPS_A_PAGE = 100;

/**
 * Yields a customer's RPs after the position `after`: first the RPs, and then the removed RPs. Yields all RPs when
 * `after` is undefined. The RPs of a customer that is unsubscribing never change, so no RP is missed.
 */
export async function* eachRp(
  { table }: Pick<Services, 'table'>,
  customerId: string,
  after: string | undefined,
): AsyncGenerator<AnyRp> {
  let behind = after;
  for (;;) {
    const { items, last } = await readAnyRps(table, customerId, RPS_A_PAGE, behind);
    yield* items;
    if (last === undefined) return;
    behind = last;
  }
}
