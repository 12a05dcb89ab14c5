import type { Unsubscription } from '../../table/customers/customers.ts';
import { readSummaryPointer } from '../../table/operator-summary.ts';
import type { Services } from '../services.ts';
import { MINUTE } from '../time.ts';

/** The time between two checks, in milliseconds. The function that makes the summary runs every hour. */
const BETWEEN_CHECKS = 5 * MINUTE;
/**
 * How long after the fence a run must begin so that its eventually consistent reads find the fence, even if the clocks
 * of two processes differ.
 */
const CERTAINLY_READ = MINUTE;

/**
 * Returns how long to wait, in milliseconds, before the next check of whether the summary for the operators may still
 * contain rows of a customer. Returns undefined when it contains none: there is no summary, or all of its rows come
 * from runs that began after the customer got the status `unsubscribing` (the fence). No later run adds the customer.
 */
export async function waitForSummary(
  { table }: Pick<Services, 'table'>,
  { startedAt }: Pick<Unsubscription, 'startedAt'>,
): Promise<number | undefined> {
  const pointer = await readSummaryPointer(table, 'strong');
  return !pointer || pointer.rowsSince > startedAt + CERTAINLY_READ ? undefined : BETWEEN_CHECKS;
}
