import type { Money } from '../../functions/domain/licenses/license.ts';

/** Formats an amount with commas between groups of three digits and the currency code, such as "1,200.50 USD". */
export function moneyText({ amount, currency }: Money): string {
  const [whole = '', decimals] = amount.split('.');
  const groups = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${groups}${decimals === undefined ? '' : `.${decimals}`} ${currency}`;
}
