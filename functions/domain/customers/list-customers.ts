import { findCustomerIds, readCustomers, type Customer } from '../../table/customers/customers.ts';
import { BUCKETS, bucketOf } from '../../table/keys.ts';
import type { Services } from '../services.ts';

/** `BatchGetItem` takes at most so many keys. */
const CUSTOMERS_A_PAGE = 100;

/** Lambda answers at most 6 MB: with names of 200 characters a customer takes 1 KB of it. */
export const CUSTOMERS_AN_ANSWER = 1_000;

/** Some customers, and the ID behind which the next ones are; undefined when there are no more. */
interface CustomerPage {
  readonly customers: Customer[];
  readonly last: string | undefined;
}

/** Goes through every customer, a page of the finder at a time. One that signed up this moment may be missing. */
export async function* eachPageOfCustomers(services: Pick<Services, 'table'>): AsyncGenerator<Customer[]> {
  let after: string | undefined;
  do {
    const { customers, last }: CustomerPage = await listCustomers(services, { limit: CUSTOMERS_A_PAGE, after });
    yield customers;
    after = last;
  } while (after !== undefined);
}

/**
 * Lists up to `limit` customers behind the one with the ID `after`, bucket by bucket of the finder: the bucket of an ID is
 * known, so that the ID alone says where to go on, also when its customer is no more.
 */
export async function listCustomers(
  { table }: Pick<Services, 'table'>,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<CustomerPage> {
  const customerIds: string[] = [];
  let behind = after;
  for (const bucket of BUCKETS.slice(after === undefined ? 0 : BUCKETS.indexOf(bucketOf(after)))) {
    do {
      const found = await findCustomerIds(table, bucket, { limit: limit - customerIds.length, after: behind });
      customerIds.push(...found.customerIds);
      behind = found.last;
    } while (behind !== undefined && customerIds.length < limit);
    if (customerIds.length === limit) break;
  }
  const customers = await readCustomers(table, customerIds, 'strong');
  return {
    customers: customers.filter((customer) => customer !== undefined),
    last: customerIds.length === limit ? customerIds.at(-1) : undefined,
  };
}
