import { readAdministrators } from '../../table/administrators.ts';
import { administratorView } from './administrator-view.ts';
import type { AdministratorCaller } from '../callers.ts';
import { listAnswer, type Page } from '../pages.ts';
import type { Services } from '../services.ts';

/** Returns one page of the administrators of the customer to which the caller belongs, sorted by ID. */
export async function listAdministrators(
  { table, clock }: Services,
  { customer }: AdministratorCaller,
  { limit, cursor }: Page,
) {
  const { items, last } = await readAdministrators(table, customer.customerId, limit, cursor);
  const now = clock.now();
  return listAnswer(
    items.map((item) => administratorView(item, customer, now)),
    last,
  );
}
