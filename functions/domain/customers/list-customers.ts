import { readCustomerPage } from '../../table/customers/find-customers.ts';
import type { Customer } from '../../table/customers/customers.ts';
import type { Services } from '../services.ts';

/** A response from Lambda can have 6 MB. A customer with a name of 200 characters takes up to 1 KB. */
const CUSTOMERS_AN_ANSWER = 1_000;

/**
 * Returns as many customers as fit in one response, which is up to 1,000, after the customer with the ID `after`. If
 * `after` is undefined, returns the first customers. `last` is the ID to continue after, undefined at the end.
 */
export function listCustomers(
  { table }: Pick<Services, 'table'>,
  after: string | undefined,
): Promise<{ customers: Customer[]; last: string | undefined }> {
  return readCustomerPage(table, { limit: CUSTOMERS_AN_ANSWER, after });
}
