import type { RpView } from '../../contract/rps.ts';
import { readRps, type Rp } from '../../table/rps.ts';
import type { AdministratorCaller } from '../callers.ts';
import { listAnswer, type Page } from '../pages.ts';
import { rpView } from './rp-view.ts';
import type { Services } from '../services.ts';

/** Returns a page of at most `limit` RPs of the caller's customer, sorted by ID, without removed RPs. */
export async function listRps({ table }: Services, { customer }: AdministratorCaller, { limit, cursor }: Page) {
  const rps: Rp[] = [];
  let after = cursor;
  // The function skips removed RPs, so it may need several reads to fill one page.
  do {
    const { items, last } = await readRps(table, customer.customerId, limit - rps.length, after);
    rps.push(...items.filter(({ removedAt }) => removedAt === undefined));
    after = last;
  } while (rps.length < limit && after !== undefined);
  return listAnswer<RpView>(rps.map(rpView), after);
}
