import type { ListOperatorCustomersData } from '../../client/types.gen.ts';

/** A list of customers: an order of all customers, or a filter. */
export type CustomerList = NonNullable<NonNullable<ListOperatorCustomersData['query']>['list']>;

/** The lists, in the order in which the page offers them. */
export const lists = [
  'name',
  'mau',
  'fee',
  'ends',
  'signed-up',
  'over-maximum',
  'expiring',
  'leaving',
] as const satisfies readonly CustomerList[];

/** Returns the address of a list. */
export const addressOfList = (list: CustomerList): string =>
  list === 'name' ? '/operator/customers' : `/operator/customers?list=${list}`;

/** Returns the address of a customer. */
export const addressOfCustomer = (customerId: string): string => `/operator/customers/${customerId}`;
