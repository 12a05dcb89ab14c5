import Big from 'big.js';
import type { Money, PaidLicense } from './license.ts';

/** Returns the number of active users above the license's maximum, or 0 if the MAU does not exceed the maximum. */
export function overageMau({ maxMau }: Pick<PaidLicense, 'maxMau'>, mau: number): number {
  return Math.max(0, mau - maxMau);
}

/**
 * Returns the fee for the MAU above the license's maximum. The amount has the number of decimals that ISO 4217 defines
 * for the currency (read from `Intl`). The function computes the exact product of the fee per user and the number of
 * users, and rounds the product once, to this number of decimals; a half rounds up.
 */
export function overageFee(license: Pick<PaidLicense, 'maxMau' | 'overageFeePerMau'>, mau: number): Money {
  const { amount, currency } = license.overageFeePerMau;
  const fee = new Big(amount).times(overageMau(license, mau));
  return { amount: fee.toFixed(decimalsOf(currency), Big.roundHalfUp), currency };
}

/** Returns the exact sum of amounts in one currency, with as many decimals as the currency has. */
export function sumOf(amounts: readonly Money['amount'][], currency: string): Money {
  const sum = amounts.reduce((total, amount) => total.plus(amount), new Big(0));
  return { amount: sum.toFixed(decimalsOf(currency)), currency };
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/**
 * Returns a stored amount in the form that API responses use. DynamoDB does not keep the order of an attribute's
 * members, so without this function, two responses with the same amount could differ.
 */
export const moneyView = ({ amount, currency }: Money): Money => ({ amount, currency });
