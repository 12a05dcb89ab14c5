import pMap from 'p-map';
import type { Administrator } from '../../../table/administrators.ts';
import type { Customer } from '../../../table/customers/customers.ts';
import {
  claimSummary,
  deleteSummaryPointer,
  emptySummarySlot,
  endSummaryRun,
  publishSummary,
  putSummaryPart,
  readSummaryPointer,
  summaryLists,
  type Slot,
} from '../../../table/operator-summary.ts';
import { hasOperators } from '../../../table/operators/operators.ts';
import { listCustomers } from '../../customers/list-customers.ts';
import type { CalendarServices } from '../../services.ts';
import { MINUTE, SECOND } from '../../time.ts';
import { addOverviews } from '../add-overviews.ts';
import { failedMailsOf, readAdministratorsOfEach, type FailedMail } from '../failed-mails.ts';
import { customerLine, type CustomerLine } from '../list-customer-lines.ts';
import { meterCustomers } from '../metered-customers.ts';
import { overviewOf, type Overview } from '../overview.ts';
import { summaryListsOf } from './summary-lists.ts';

/**
 * The time for which a run claims the summary. It is longer than Lambda's longest time-out, so a run ends before
 * another one may write.
 */
const CLAIM_LASTS = 15 * MINUTE + 30 * SECOND;
/** The number of parts of lists that a run writes at the same time. */
const WRITES_AT_ONCE = 10;

/** The result of a run. */
export type SummaryReport =
  | { readonly outcome: 'stored'; readonly customers: number; readonly parts: number }
  /** There is no operator. If there was a summary, the run removed it. */
  | { readonly outcome: 'not-needed' }
  /** Another run is storing a summary. */
  | { readonly outcome: 'claimed' };

/**
 * Stores a summary of all customers, which the operators' pages read. Without operators, removes it. `run` is the ID of
 * the run. Two runs at the same time must have different IDs.
 *
 * The table has two slots. The pointer names the slot of the current summary, and readers read only this slot:
 *
 *     claim      the pointer says which run may write; another run does nothing
 *     empty      the slot that is not current: a run that died may have left rows there
 *     write      all lists to this slot; readers still read the former summary
 *     publish    the pointer names this slot, on the condition that the claim still stands
 *     empty      the slot of the former summary
 *     end        the claim ends; `rowsSince` of the pointer is now the time at which this run began
 *
 * If the process dies before `publish`, readers keep the former summary; if it dies later, they have the new one. The
 * first run after the end of the claim empties whatever is left. The claim of a failed run stays too, so a write that
 * was under way cannot reach a slot that another run writes. A reader that read the pointer before `publish` may find the former slot empty,
 * and then reads the pointer again.
 *
 * A customer whose data is discarded is in no list. The discarding ends only when `rowsSince` is later than its fence
 * (`waitForSummary`), so that no row of the customer is left.
 *
 * All reads are eventually consistent, and a customer costs about 2 read units: 0.5 each for the customer, its counter,
 * its statement and its administrators. Throws an `Error` when `hasTime` returns false: the run does not continue where
 * an earlier one stopped, because a summary should belong to one time.
 */
export async function summarizeCustomers(
  services: CalendarServices,
  run: string,
  hasTime: () => boolean,
): Promise<SummaryReport> {
  const { table, clock } = services;
  const isNeeded = await hasOperators(table);
  if (!isNeeded && !(await readSummaryPointer(table, 'eventual'))) return { outcome: 'not-needed' };
  const now = clock.now();
  const pointer = await claimSummary(table, { run, now, until: now + CLAIM_LASTS });
  if (!pointer) return { outcome: 'claimed' };
  const slot: Slot = pointer.slot === 'a' ? 'b' : 'a';
  await emptySummarySlot(table, slot);
  if (!isNeeded) {
    if (pointer.slot) await emptySummarySlot(table, pointer.slot);
    await deleteSummaryPointer(table, run);
    return { outcome: 'not-needed' };
  }
  const { overview, lines, mails } = await readAllCustomers(services, now, hasTime);
  const lists = summaryListsOf(lines, mails, now);
  const parts = summaryLists.flatMap((list) => lists[list].map((part) => ({ list, part })));
  await pMap(
    parts,
    async ({ list, part }) => {
      requireTime(hasTime);
      await putSummaryPart(table, { slot, list, summarizedAt: now }, part);
    },
    { concurrency: WRITES_AT_ONCE },
  );
  if (!(await publishSummary(table, run, { slot, summarizedAt: now, overview }))) {
    throw new Error('Another run claimed the summary before this run ended.');
  }
  if (pointer.slot) await emptySummarySlot(table, pointer.slot);
  await endSummaryRun(table, run, now);
  return { outcome: 'stored', customers: overview.customers, parts: parts.length };
}

function requireTime(hasTime: () => boolean): void {
  if (!hasTime()) throw new Error('There are too many customers to summarize in one run.');
}

/** Returns the representative of each customer, from the administrators of each customer. */
const representativesOf = (customers: readonly Customer[], administrators: readonly (readonly Administrator[])[]) =>
  customers.map(({ representativeId }, index) =>
    administrators[index]?.find(({ administratorId }) => administratorId === representativeId),
  );

/**
 * Reads all customers, and returns their overview, their lines and their failed e-mails. The overview counts the
 * customers whose data is discarded; the lines and the e-mails leave them out.
 */
async function readAllCustomers(services: CalendarServices, now: number, hasTime: () => boolean) {
  const overviews: Overview[] = [];
  const lines: CustomerLine[] = [];
  const mails: FailedMail[] = [];
  let after: string | undefined;
  do {
    requireTime(hasTime);
    const { customers, last } = await listCustomers(services, after, 'eventual');
    const reading = readAdministratorsOfEach(services.table, customers);
    const representatives = reading.then((administrators) => representativesOf(customers, administrators));
    const metering = meterCustomers(services, customers, now, representatives);
    const [administrators, metered, overview] = await Promise.all([
      reading,
      metering,
      overviewOf(services, customers, metering, now),
    ]);
    overviews.push(overview);
    metered.forEach((one, index) => {
      if (one.customer.status === 'unsubscribing') return;
      lines.push(customerLine(one, now));
      mails.push(...failedMailsOf(one.customer, administrators[index] ?? []));
    });
    after = last;
  } while (after !== undefined);
  const [first, ...others] = overviews as [Overview, ...Overview[]];
  return { overview: addOverviews(first, others), lines, mails };
}
