import { readAdministrators } from '../../table/administrators.ts';
import { permissionsOf } from '../customers/permissions.ts';
import { administratorView } from './administrator-view.ts';
import type { AdministratorCaller } from '../callers.ts';
import { listAnswer, type Page } from '../pages.ts';
import type { Services } from '../services.ts';

/**
 * The maximum number of administrators in one response. The service reads them with one strongly consistent query. If
 * their names and addresses have the usual length, a response costs at most 8 read units.
 */
const ADMINISTRATORS_A_PAGE = 40;

/**
 * Returns one page of at most `limit` administrators of the customer to which the caller belongs, sorted by ID. Tells
 * only privileged callers who has a passkey: others need not know who relies on e-mailed links.
 */
export async function listAdministrators(
  { table, clock }: Services,
  caller: AdministratorCaller,
  { limit, cursor }: Page,
) {
  const { customer, administrator } = caller;
  const { items, last } = await readAdministrators(
    table,
    customer.customerId,
    Math.min(limit, ADMINISTRATORS_A_PAGE),
    cursor,
  );
  const now = clock.now();
  const isPrivileged = permissionsOf(caller, now).changeRepresentative;
  return listAnswer(
    items.map((item) => {
      const { hasPasskey, ...view } = administratorView(item, customer, now);
      const isShown = isPrivileged || item.administratorId === administrator.administratorId;
      return { ...view, ...(isShown && { hasPasskey }) };
    }),
    last,
  );
}
