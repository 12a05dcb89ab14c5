import { csv } from '../../functions/domain/csv.ts';
import { sumOf } from '../../functions/domain/fee.ts';
import type { Operator, OperatorResults } from './invoke-operator.ts';

type Page = OperatorResults['export-statements'];
/** The statements of a month, by customer; which are missing; and the sums, one a currency. */
export interface Export {
  readonly month: string;
  readonly items: Page['items'];
  readonly missing: Page['missing'];
  readonly totals: readonly Total[];
}
interface Total {
  /** Null: of the statements without a fee, those of Free. */
  readonly currency: string | null;
  readonly mau: number;
  readonly overageMau: number;
  readonly overageFee: string | null;
}

/** Exports a closed month's statements of all customers, a page an invocation. Throws `OperatorError`. */
export async function exportStatements(operator: Operator, month: string): Promise<Export> {
  const items: Page['items'] = [];
  const missing: Page['missing'] = [];
  let cursor: string | undefined;
  do {
    const page = await operator.run({ command: 'export-statements', month, cursor });
    items.push(...page.items);
    missing.push(...page.missing);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const byId = (a: { customerId: string }, b: { customerId: string }) => (a.customerId < b.customerId ? -1 : 1);
  return { month, items: items.sort(byId), missing: missing.sort(byId), totals: totalsOf(items) };
}

/** Gives a sum for each currency, also where there is nothing to add up. */
function totalsOf(items: Page['items']): Total[] {
  const currencies = new Set(items.map(({ overageFee }) => overageFee?.currency ?? null).sort());
  const totals = [...currencies].map((currency): Total => {
    const some = items.filter(({ overageFee }) => (overageFee?.currency ?? null) === currency);
    const amounts = some.flatMap(({ overageFee }) => overageFee?.amount ?? []);
    return {
      currency,
      mau: some.reduce((sum, { mau }) => sum + mau, 0),
      overageMau: some.reduce((sum, { overageMau }) => sum + overageMau, 0),
      overageFee: currency === null ? null : sumOf(amounts, currency).amount,
    };
  });
  return totals.length > 0 ? totals : [{ currency: null, mau: 0, overageMau: 0, overageFee: null }];
}

/** Gives an export as CSV: a row a customer, those without a statement last, then a `total` row for each currency. */
export function exportCsv({ items, missing, totals }: Export): string {
  return csv([
    ['customerId', 'name', 'license', 'mau', 'maxMau', 'overageMau', 'overageFee', 'currency', 'status'],
    ...items.map(({ customerId, name, license, mau, maxMau, overageMau, overageFee }) => {
      const { amount = null, currency = null } = overageFee ?? {};
      return [customerId, name, license, mau, maxMau, overageMau, amount, currency, 'closed'];
    }),
    ...missing.map(({ customerId, name }) => [customerId, name, null, null, null, null, null, null, 'missing']),
    ...totals.map(({ mau, overageMau, overageFee, currency }) => {
      return ['total', null, null, mau, null, overageMau, overageFee, currency, null];
    }),
  ]);
}

/** Says how complete an export is. */
export function exportNote({ month, items, missing }: Export): string {
  const counted = (count: number) => `${count} ${count === 1 ? 'customer' : 'customers'}`;
  return `${month}: statements of ${counted(items.length)}, ${missing.length} missing.`;
}
