import type { Operator, OperatorResults } from './invoke-operator.ts';
import { pagesOf } from './pages-of.ts';

/** The activity of a customer, the latest entry first. `hasMore` says whether there are older entries. */
export interface Activity {
  readonly items: OperatorResults['list-audit-entries']['items'];
  readonly hasMore: boolean;
}

/** The number of entries that the command shows without a month. */
export const LATEST = 100;

/**
 * Returns the latest 100 entries of a customer's activity, or all entries of a month, page by page. Throws
 * `OperatorError`.
 */
export async function listAuditEntries(
  operator: Operator,
  customerId: string,
  month: string | undefined,
): Promise<Activity> {
  const command = 'list-audit-entries';
  if (month === undefined) {
    const { items, nextCursor } = await operator.run({ command, customerId, limit: LATEST });
    return { items, hasMore: nextCursor !== null };
  }
  const pages = await pagesOf((cursor) => operator.run({ command, customerId, month, cursor }));
  return { items: pages.flatMap(({ items }) => items), hasMore: false };
}
