import { emailAddress } from '../../../contract/values/mail-values.ts';
import { readEmail } from '../../../table/emails.ts';
import { readCustomer } from '../../../table/customers/customers.ts';
import type { Table } from '../../../table/engine/client.ts';
import type { SummaryList } from '../../../table/operator-summary.ts';
import { listAnswer } from '../../pages.ts';
import type { CalendarServices } from '../../services.ts';
import { toIso } from '../../time.ts';
import { folded } from '../customer-orders.ts';
import { customerLine } from '../list-customer-lines.ts';
import { meterCustomers } from '../metered-customers.ts';
import { readRankedPage } from './read-ranked-page.ts';
import { readSummaryPage } from './read-summary.ts';
import { byPosition, positionOf, positionOfName, summaryRow, type SummaryRow } from './summary-row.ts';

export interface WantedCustomers {
  readonly list: Exclude<SummaryList, 'failed-mails'>;
  /** Only with the list `name`. @default - all customers of the list */
  readonly search?: string | undefined;
  readonly cursor?: string | undefined;
}

/**
 * Returns a page of a list of customers in the current summary, with the time of the summary. A search for the ID of a
 * customer, or for the address of an administrator, returns the present values of this customer instead.
 */
export async function listSummarizedCustomers(services: CalendarServices, { list, search, cursor }: WantedCustomers) {
  if (list !== 'name') return readRankedPage<SummaryRow>(services.table, list, cursor);
  if (search === undefined) return listByName(services.table, '', cursor);
  if (/^cus_[0-9a-z]{20}$/.test(search)) return listOne(services, search);
  const { data: email } = emailAddress.safeParse(search);
  if (email === undefined) return listByName(services.table, search, cursor);
  const owner = await readEmail(services.table, email);
  return listOne(services, owner?.claim ? undefined : owner?.customerId);
}

/**
 * Returns the customers whose names begin with `search`, from the position `cursor` on. All of them follow each other
 * in the list, and the part that contains the position of the text contains the first of them, unless this is the first
 * of the next part. Costs at most 8 read units, and 4 for most pages.
 */
async function listByName(table: Table, search: string, cursor: string | undefined) {
  const [wanted, first] = [folded(search), positionOf(search)];
  let from = cursor ?? first;
  for (;;) {
    const page = await readSummaryPage<SummaryRow>(table, 'name', from);
    if (!page) return { asOf: null, ...listAnswer<SummaryRow>([], undefined) };
    const rows = page.rows.filter(
      (row) => byPosition(positionOfName(row), from) >= 0 && folded(row.name).startsWith(wanted),
    );
    const next = page.next?.startsWith(first) ? page.next : undefined;
    if (rows.length > 0 || next === undefined) return { asOf: toIso(page.summarizedAt), ...listAnswer(rows, next) };
    from = next;
  }
}

/** Returns a list with the present values of one customer, or an empty list. Costs at most 2 read units. */
async function listOne(services: CalendarServices, customerId: string | undefined) {
  const now = services.clock.now();
  const customer = customerId === undefined ? undefined : await readCustomer(services.table, customerId, 'eventual');
  // The lists do not contain customers that nobody has activated.
  const found = customer && customer.status !== 'provisional' ? [customer] : [];
  const rows = (await meterCustomers(services, found, now)).map((metered) => summaryRow(customerLine(metered, now)));
  return { asOf: toIso(now), ...listAnswer(rows, undefined) };
}
