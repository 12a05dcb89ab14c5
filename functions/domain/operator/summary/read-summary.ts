import {
  readSummaryPart,
  readSummaryPointer,
  type SummaryList,
  type SummaryPart,
} from '../../../table/operator-summary.ts';
import type { Table } from '../../../table/engine/client.ts';
import { UnavailableError } from '../../../table/engine/unavailable-error.ts';

/** A part of a list, and the time to which the list belongs. */
export interface SummaryPage<Row> extends SummaryPart<Row> {
  /** The time at which the run that made the summary began, in epoch milliseconds. */
  readonly summarizedAt: number;
}

/**
 * Reads the part of a list of the current summary that contains the position `position`. Returns undefined while there
 * is no summary. Costs at most 4 read units, all eventually consistent.
 *
 * A run may publish another summary between the two reads. Then the part is gone, and the function reads both again:
 *
 *     the reader reads the pointer: slot a
 *                                      the run publishes slot b, and empties slot a
 *     the reader finds no part in slot a, and reads the pointer again: slot b
 *
 * Throws `UnavailableError` if this happens twice.
 */
export async function readSummaryPage<Row>(
  table: Table,
  list: SummaryList,
  position: string,
): Promise<SummaryPage<Row> | undefined> {
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const { slot, summarizedAt } = (await readSummaryPointer(table, attempt === 1 ? 'eventual' : 'strong')) ?? {};
    if (slot === undefined || summarizedAt === undefined) return undefined;
    const part = await readSummaryPart<Row>(table, { slot, list, summarizedAt }, position);
    if (part) return { summarizedAt, ...part };
  }
  throw new UnavailableError('The summary was replaced while it was read');
}
