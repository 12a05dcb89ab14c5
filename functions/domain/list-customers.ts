import { findCustomerIds, readCustomers, type Customer } from '../table/customers.ts';
import { BUCKETS } from '../table/keys.ts';
import type { Found } from '../table/reads.ts';
import type { Services } from './services.ts';

/** Goes through every customer, a page of the finder at a time. One that signed up this moment may be missing. */
export async function* eachPageOfCustomers({ table }: Pick<Services, 'table'>): AsyncGenerator<Customer[]> {
  for (const bucket of BUCKETS) {
    let after: Found | undefined;
    do {
      const { customerIds, last } = await findCustomerIds(table, bucket, { limit: 100, after });
      const customers = await readCustomers(table, customerIds, 'strong');
      yield customers.filter((customer) => customer !== undefined);
      after = last;
    } while (after !== undefined);
  }
}

/** Gives every customer, by the time of signing up. */
export async function listCustomers(services: Services): Promise<Customer[]> {
  const customers: Customer[] = [];
  for await (const page of eachPageOfCustomers(services)) customers.push(...page);
  return customers.sort((a, b) => a.createdAt - b.createdAt);
}
