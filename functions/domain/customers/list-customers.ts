import { readCustomerPage } from '../../table/customers/find-customers.ts';
import type { Customer } from '../../table/customers/customers.ts';
import type { Services } from '../services.ts';

/** Lambda answers at most 6 MB. With a name of 200 characters, a customer takes 1 KB of it. */
const CUSTOMERS_AN_ANSWER = 1_000;

/**
 * Lists as many customers as fit into one answer, behind the one with the ID `after`. Returns them and the ID behind which
 * the next ones are; undefined at the end.
 */
export function listCustomers(
  { table }: Pick<Services, 'table'>,
  after: string | undefined,
): Promise<{ customers: Customer[]; last: string | undefined }> {
  return readCustomerPage(table, { limit: CUSTOMERS_AN_ANSWER, after });
}
