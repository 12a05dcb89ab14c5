import { folded, isOverMaximum, isWithin, orders } from '../../functions/domain/operator/customer-orders.ts';
import { DAY } from '../../functions/domain/time.ts';
import type { CustomerLine, CustomerList } from './list-customers.ts';

export { orders };

/** The options of `customer list`. All filters must match. */
export interface Selection {
  /** A part of the name, the ID or the e-mail address of the representative. @default - all customers */
  readonly search?: string | undefined;
  /** Whether the MAU of the month must exceed the maximum of the license. @default false */
  readonly overMaximum?: true | undefined;
  /** The number of days within which the license must expire. @default - all customers */
  readonly expiring?: number | undefined;
  readonly sort: keyof typeof orders;
}

/** Returns the customers that match all filters, sorted. Compares times with the time of the service. */
export function selectCustomers(
  { customers, now }: CustomerList,
  { search, overMaximum, expiring, sort }: Selection,
): CustomerLine[] {
  const sought = search === undefined ? undefined : folded(search);
  const from = Date.parse(now);
  return customers
    .filter((customer) => sought === undefined || textsOf(customer).some((text) => folded(text).includes(sought)))
    .filter((customer) => !overMaximum || isOverMaximum(customer))
    .filter(({ expiresAt }) => expiring === undefined || isWithin(expiresAt, from, from + expiring * DAY))
    .sort(orders['signed-up'])
    .sort(orders[sort]);
}

const textsOf = ({ name, customerId, representative }: CustomerLine) => [
  name,
  customerId,
  ...(representative ? [representative.email] : []),
];
