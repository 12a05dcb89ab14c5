import type { Table } from '../../../table/engine/client.ts';
import type { SummaryList } from '../../../table/operator-summary.ts';
import { listAnswer } from '../../pages.ts';
import { toIso } from '../../time.ts';
import { readSummaryPage } from './read-summary.ts';

/**
 * Returns a page of a list whose positions are the numbers of its rows, beginning at the position `cursor`. If a run
 * stores another summary between two pages, the second page can repeat or miss a row. Costs at most 4 read units.
 */
export async function readRankedPage<Row>(
  table: Table,
  list: Exclude<SummaryList, 'name'>,
  cursor: string | undefined,
) {
  const page = await readSummaryPage<Row>(table, list, cursor ?? '');
  if (!page) return { asOf: null, ...listAnswer<Row>([], undefined) };
  const { summarizedAt, position, next, rows } = page;
  const skipped = Number(cursor ?? 0) - Number(position);
  return { asOf: toIso(summarizedAt), ...listAnswer(rows.slice(skipped > 0 ? skipped : 0), next) };
}
