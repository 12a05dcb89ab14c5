import { readCustomerPage } from '../../table/customers/find-customers.ts';
import type { Customer } from '../../table/customers/customers.ts';
import type { Services } from '../services.ts';

/**
 * The maximum number of customers in one response. A response from Lambda can have at most 6 MB, and a customer with a
 * name of 200 characters takes up to 1 KB of the response.
 */
const CUSTOMERS_AN_ANSWER = 1_000;

/**
 * Returns a page of up to 1,000 customers, which fit in one response. The page begins after the customer with the ID
 * `after`, or at the first customer if `after` is undefined. `last` is the ID of the customer after which the next page
 * begins, or undefined on the last page.
 */
export function listCustomers(
  { table }: Pick<Services, 'table'>,
  after: string | undefined,
): Promise<{ customers: Customer[]; last: string | undefined }> {
  return readCustomerPage(table, { limit: CUSTOMERS_AN_ANSWER, after });
}
