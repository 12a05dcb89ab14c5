import Big from 'big.js';
import { DAY } from '../../functions/domain/time.ts';
import type { CustomerLine, CustomerList } from './list-customers.ts';
import { STATES } from './states.ts';

/** Compares two customers. Customers that compare as equal stay in the order of their sign-up. */
type Order = (a: CustomerLine, b: CustomerLine) => number;

const byTime = (a: string | null, b: string | null) =>
  (a === null ? Infinity : Date.parse(a)) - (b === null ? Infinity : Date.parse(b)) || 0;
const byText = new Intl.Collator('en', { numeric: true }).compare;
const states = Object.keys(STATES);
const plans: readonly CustomerLine['license'][] = ['free', 'starter', 'business', 'enterprise'];

/** Compares two fees: the larger fee first within a currency, and customers without a fee last. */
function byFee({ overageFee: a }: CustomerLine, { overageFee: b }: CustomerLine): number {
  if (!a || !b) return Number(b !== null) - Number(a !== null);
  return byText(a.currency, b.currency) || new Big(b.amount).cmp(a.amount);
}

/** The orders of `customer list --sort`. Numbers begin with the largest, times with the earliest. */
export const orders = {
  'signed-up': (a, b) => byTime(a.createdAt, b.createdAt),
  name: (a, b) => byText(a.name, b.name),
  state: (a, b) => states.indexOf(a.state) - states.indexOf(b.state),
  plan: (a, b) => plans.indexOf(a.license) - plans.indexOf(b.license),
  mau: (a, b) => b.mauThisMonth - a.mauThisMonth,
  fee: byFee,
  ends: (a, b) => byTime(a.licenseEndsAt, b.licenseEndsAt),
} as const satisfies Record<string, Order>;

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

/** Converts a text to a form in which texts that differ only in case or in the width of characters are equal. */
const folded = (text: string) => text.normalize('NFKC').toLowerCase();

/** Returns whether the service serves the customer, and the customer's MAU exceeds the maximum of its license. */
const isOverMaximum = ({ overageMau, state }: CustomerLine) => overageMau > 0 && state !== 'discarding';

function isWithin(time: string | null, from: number, to: number): boolean {
  return time !== null && Date.parse(time) > from && Date.parse(time) <= to;
}
