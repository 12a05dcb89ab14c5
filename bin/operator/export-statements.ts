import { csv } from '../../functions/domain/csv.ts';
import { sumOf } from '../../functions/domain/licenses/overage-fee.ts';
import type { Operator, OperatorResults } from './invoke-operator.ts';

type Page = OperatorResults['export-statements'];
/** The statements of all customers for a month, the customers without a statement, and a total for each currency. */
export interface Export {
  readonly month: string;
  readonly items: Page['items'];
  readonly missing: Page['missing'];
  readonly totals: readonly Total[];
  /** Sentences that tell the operator which statements and totals the export contains. */
  readonly notes: readonly string[];
}
interface Total {
  /**
   * Null for the total of the statements with a Free license, because Free has no fee, and if there are no statements.
   */
  readonly currency: string | null;
  readonly mau: number;
  /** How many of these active users the service measured. */
  readonly measured: number;
  readonly overageMau: number;
  readonly overageFee: string | null;
}

/**
 * Returns the statements of all customers for a closed month. Each invocation of the operator's Lambda function returns
 * one page of statements. Throws `OperatorError`.
 */
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
  const exported = { month, items: items.sort(byId), missing: missing.sort(byId), totals: totalsOf(items) };
  return { ...exported, notes: notesOf(exported) };
}

/** Returns a total for each currency, or one total of zero if there are no statements. */
function totalsOf(items: Page['items']): Total[] {
  const currencies = new Set(items.map(({ overageFee }) => overageFee?.currency ?? null).sort());
  const totals = [...currencies].map((currency): Total => {
    const some = items.filter(({ overageFee }) => (overageFee?.currency ?? null) === currency);
    const amounts = some.flatMap(({ overageFee }) => overageFee?.amount ?? []);
    return {
      currency,
      mau: some.reduce((sum, { mau }) => sum + mau, 0),
      measured: some.reduce((sum, { measured }) => sum + measured, 0),
      overageMau: some.reduce((sum, { overageMau }) => sum + overageMau, 0),
      overageFee: currency === null ? null : sumOf(amounts, currency).amount,
    };
  });
  return totals.length > 0 ? totals : [{ currency: null, mau: 0, measured: 0, overageMau: 0, overageFee: null }];
}

/**
 * Formats an export as CSV: a row for each statement, a row for each customer without a statement, and a `total` row
 * for each currency.
 */
export function exportCsv({ items, missing, totals }: Export): string {
  return csv([
    ['customerId', 'name', 'license', 'mau', 'maxMau', 'overageMau', 'overageFee', 'currency', 'status', 'measured'],
    ...items.map(({ customerId, name, license, mau, measured, maxMau, overageMau, overageFee }) => {
      const { amount = null, currency = null } = overageFee ?? {};
      return [customerId, name, license, mau, maxMau, overageMau, amount, currency, 'closed', measured];
    }),
    ...missing.map(({ customerId, name }) => [customerId, name, null, null, null, null, null, null, 'missing', null]),
    ...totals.map(({ mau, measured, overageMau, overageFee, currency }) => {
      return ['total', null, null, mau, null, overageMau, overageFee, currency, null, measured];
    }),
  ]);
}

const FREE = '; the total without a currency is the total of Free, which has no fee';

/** Returns sentences that tell the operator which statements and totals an export contains. */
function notesOf({ month, items, missing, totals }: Omit<Export, 'notes'>): string[] {
  const counted = (count: number) => `${count} ${count === 1 ? 'customer' : 'customers'}`;
  const isEmpty = items.length + missing.length === 0;
  const hasFree = totals.some(({ currency }) => currency === null);
  return [
    isEmpty
      ? `${month}: no statements, because all current customers signed up after the end of the month.`
      : `${month}: statements of ${counted(items.length)}, ${missing.length} missing.`,
    ...(missing.length > 0
      ? ['The hourly run will create the missing statements. Export the statements again after the next run.']
      : []),
    'The export does not include customers whose data was discarded after the month.',
    ...(totals.length > 1 ? [`The export has a total for each currency${hasFree ? FREE : ''}.`] : []),
  ];
}
