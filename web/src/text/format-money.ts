/** A fee per user can have as many decimals (`functions/domain/licenses/plans.ts`), more than the currency has. */
const DECIMALS_OF_FEES = 6;

/**
 * Returns an amount of money in a language, with all its decimals. Formats the decimal text itself, because a
 * JavaScript number cannot hold every amount exactly.
 */
export function formatMoney(
  language: string,
  { amount, currency }: { readonly amount: string; readonly currency: string },
): string {
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    maximumFractionDigits: DECIMALS_OF_FEES,
  });
  return format.format(amount as Intl.StringNumericLiteral);
}
