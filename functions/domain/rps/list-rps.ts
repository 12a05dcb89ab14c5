import type { RpView } from '../../contract/rp-views.ts';
import { readRps } from '../../table/rps.ts';
import type { AdministratorCaller } from '../callers.ts';
import { listAnswer, type Page } from '../pages.ts';
import { rpView } from './rp-view.ts';
import type { Services } from '../services.ts';

/** Returns a page of at most `limit` RPs of the caller's customer, sorted by ID, without removed RPs. */
export async function listRps({ table }: Services, { customer }: AdministratorCaller, { limit, cursor }: Page) {
  const { items, last } = await readRps(table, customer.customerId, limit, cursor);
  return listAnswer<RpView>(items.map(rpView), last);
}
