import Big from 'big.js';
import { customerStates } from './customer-state.ts';
import type { CustomerLine } from './list-customer-lines.ts';

/** Compares two customers. Customers that compare as equal stay in the order of their sign-up. */
type Order = (a: CustomerLine, b: CustomerLine) => number;

/** Compares two times: the earlier first, and null last. */
export const byTime = (a: string | null, b: string | null): number =>
  (a === null ? Infinity : Date.parse(a)) - (b === null ? Infinity : Date.parse(b)) || 0;
const byText = new Intl.Collator('en', { numeric: true }).compare;
const plans: readonly CustomerLine['license'][] = ['free', 'starter', 'business', 'enterprise'];

/** Compares two fees: the larger fee first within a currency, and customers without a fee last. */
function byFee({ overageFee: a }: CustomerLine, { overageFee: b }: CustomerLine): number {
  if (!a || !b) return Number(b !== null) - Number(a !== null);
  return byText(a.currency, b.currency) || new Big(b.amount).cmp(a.amount);
}

/** The orders of the operator's lists of customers. Numbers begin with the largest, times with the earliest. */
export const orders = {
  'signed-up': (a, b) => byTime(a.createdAt, b.createdAt),
  name: (a, b) => byText(a.name, b.name),
  state: (a, b) => customerStates.indexOf(a.state) - customerStates.indexOf(b.state),
  plan: (a, b) => plans.indexOf(a.license) - plans.indexOf(b.license),
  mau: (a, b) => b.mauThisMonth - a.mauThisMonth,
  fee: byFee,
  ends: (a, b) => byTime(a.licenseEndsAt, b.licenseEndsAt),
} as const satisfies Record<string, Order>;

/** Converts a text to a form in which texts that differ only in case or in the width of characters are equal. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Returns whether the service serves the customer, and the customer's MAU exceeds the maximum of its license. */
export const isOverMaximum = ({ overageMau, state }: CustomerLine): boolean => overageMau > 0 && state !== 'discarding';

/** Returns whether a time is after `from`, and at `to` or before. */
export function isWithin(time: string | null, from: number, to: number): boolean {
  return time !== null && Date.parse(time) > from && Date.parse(time) <= to;
}
