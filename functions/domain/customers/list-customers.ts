import { readCustomerPage } from '../../table/customers/find-customers.ts';
import type { Customer } from '../../table/customers/customers.ts';
import type { Services } from '../services.ts';

/** A response from Lambda can have 6 MB. A customer takes up to 1 KB of it, with a name of 200 characters. */
const CUSTOMERS_AN_ANSWER = 1_000;

/**
 * Returns up to 1,000 customers after the one with the ID `after` (undefined: from the first one on), which is as many as
 * fit in one response. `last` is the ID to continue after, undefined at the end.
 */
export function listCustomers(
  { table }: Pick<Services, 'table'>,
  after: string | undefined,
): Promise<{ customers: Customer[]; last: string | undefined }> {
  return readCustomerPage(table, { limit: CUSTOMERS_AN_ANSWER, after });
}
