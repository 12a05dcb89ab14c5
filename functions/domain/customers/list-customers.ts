import type { Consistency } from '../../table/engine/reads.ts';
import { readCustomerPage } from '../../table/customers/find-customers.ts';
import type { Customer } from '../../table/customers/customers.ts';
import type { Services } from '../services.ts';

/**
 * The maximum number of customers in one response. A response from Lambda can have at most 6 MB. A customer takes up to
 * 3 KB of the response if its name, and the name of its representative, have 200 characters of 3 bytes each.
 */
const CUSTOMERS_AN_ANSWER = 1_000;

/**
 * Returns a page of up to 1,000 customers, which fit in one response. The page begins after the customer with the ID
 * `after`, or at the first customer if `after` is undefined. `last` is the ID of the customer after which the next page
 * begins, or undefined on the last page. By default, the customers are read with strongly consistent reads.
 */
export function listCustomers(
  { table }: Pick<Services, 'table'>,
  after: string | undefined,
  consistency?: Consistency,
): Promise<{ customers: Customer[]; last: string | undefined }> {
  return readCustomerPage(table, { limit: CUSTOMERS_AN_ANSWER, after }, consistency);
}
