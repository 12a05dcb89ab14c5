import { grouped, NONE, table } from './layout.ts';
import type { CustomerLine } from './list-customers.ts';
import { moneyText } from './money-text.ts';

/**
 * Formats customers as a table. Names and representatives are in the last columns, because their length varies. All
 * other columns together take at most 100 columns of the terminal.
 */
export function showCustomers(customers: readonly CustomerLine[], isFiltered: boolean): string {
  if (customers.length === 0) return isFiltered ? 'No customer matches.' : 'There are no customers.';
  return table(
    ['CUSTOMER', 'STATE', 'PLAN', 'MAU', 'MAXIMUM', 'FEE SO FAR', 'ENDS', 'NAME', 'REPRESENTATIVE'],
    customers.map((customer) => [
      customer.customerId,
      customer.state,
      customer.license,
      grouped(customer.mauThisMonth),
      customer.maxMau === null ? NONE : grouped(customer.maxMau),
      customer.overageFee ? moneyText(customer.overageFee) : NONE,
      // The day in UTC. `customer show` shows the time.
      customer.licenseEndsAt?.slice(0, 'yyyy-mm-dd'.length) ?? 'never',
      customer.name,
      customer.representative ? `${customer.representative.name} <${customer.representative.email}>` : NONE,
    ]),
  );
}
