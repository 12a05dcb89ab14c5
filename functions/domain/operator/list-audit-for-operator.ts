import { readCustomer } from '../../table/customers/customers.ts';
import { auditEntryView, readAuditPage, type WantedEntries } from '../audit/list-audit-entries.ts';
import { listAnswer, type Page } from '../pages.ts';
import { noSuchCustomer } from '../refusals.ts';
import type { CalendarServices } from '../services.ts';

/** The maximum number of entries in one response. An entry takes at most 2 KB of the response. */
const ENTRIES_A_PAGE = 1_000;

/**
 * Returns a page of a customer's audit entries, the latest first. Unlike the response to the customer's own
 * administrators, it names the operators. Throws `NotFoundError` when there is no such customer.
 */
export async function listAuditForOperator(
  services: CalendarServices,
  customerId: string,
  { limit = ENTRIES_A_PAGE, ...wanted }: WantedEntries & Partial<Pick<Page, 'limit'>>,
) {
  const [customer, { entries, last }] = await Promise.all([
    readCustomer(services.table, customerId, 'strong'),
    readAuditPage(services, customerId, wanted, limit),
  ]);
  if (!customer) throw noSuchCustomer(customerId);
  const items = entries.map((entry) => {
    const view = auditEntryView(entry);
    return { ...view, by: { ...view.by, name: entry.byName ?? null } };
  });
  return listAnswer(items, last);
}
