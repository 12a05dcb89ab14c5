import { readCustomer } from '../../functions/table/customers/customers.ts';
import { readEmail } from '../../functions/table/emails.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { demoPeople } from './demo-customers.ts';
import type { Person } from '../local-page.ts';

/**
 * Returns the people of the demo who can still sign in. Omits people who cannot sign in because their customer has
 * unsubscribed or their e-mail address has changed.
 */
export async function demoPeopleIn(table: Table): Promise<Person[]> {
  const present = await Promise.all(demoPeople.map(({ email }) => isPresent(table, email)));
  return demoPeople.filter((_, index) => present[index]);
}

async function isPresent(table: Table, email: string): Promise<boolean> {
  const owner = await readEmail(table, email);
  const customer = owner && (await readCustomer(table, owner.customerId, 'strong'));
  return customer !== undefined && customer.status !== 'unsubscribing';
}
