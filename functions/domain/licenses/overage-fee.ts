import Big from 'big.js';
import type { Money, PaidLicense } from './license.ts';

/** Gives how many MAU are above a license's maximum. */
export function overageMau({ maxMau }: Pick<PaidLicense, 'maxMau'>, mau: number): number {
  return Math.max(0, mau - maxMau);
}

/**
 * Gives the fee for the MAU above a license's maximum, in the currency's decimals (ISO 4217, as ICU knows them), half a
 * unit rounded up. The product is exact; it is rounded once.
 */
export function overageFee(license: Pick<PaidLicense, 'maxMau' | 'overageFeePerMau'>, mau: number): Money {
  const { amount, currency } = license.overageFeePerMau;
  const fee = new Big(amount).times(overageMau(license, mau));
  return { amount: fee.toFixed(decimalsOf(currency), Big.roundHalfUp), currency };
}

/** Gives the sum of amounts of one currency. */
export function sumOf(amounts: readonly Money['amount'][], currency: string): Money {
  const sum = amounts.reduce((total, amount) => total.plus(amount), new Big(0));
  return { amount: sum.toFixed(decimalsOf(currency)), currency };
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
