import { readSummaryPointer } from '../../../table/operator-summary.ts';
import type { Services } from '../../services.ts';
import { toIso } from '../../time.ts';

/**
 * Returns the overview of all customers in the current summary, with an eventually consistent read of 0.5 read units.
 * Both fields are null while there is no summary.
 */
export async function readOverviewOfSummary({ table }: Pick<Services, 'table'>) {
  const { summarizedAt, overview } = (await readSummaryPointer(table, 'eventual')) ?? {};
  return summarizedAt === undefined || overview === undefined
    ? { asOf: null, overview: null }
    : { asOf: toIso(summarizedAt), overview };
}
