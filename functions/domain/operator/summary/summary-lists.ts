import type { SummaryList, SummaryPart } from '../../../table/operator-summary.ts';
import { DAY } from '../../time.ts';
import { byTime, isOverMaximum, isWithin, orders } from '../customer-orders.ts';
import { byLatest, type FailedMail } from '../failed-mails.ts';
import type { CustomerLine } from '../list-customer-lines.ts';
import { EXPIRING_DAYS } from '../overview.ts';
import { partsOf } from './summary-parts.ts';
import { byPosition, positionOfName, summaryRow, type SummaryRow } from './summary-row.ts';

/** The number of customers in each list but the list by name, which contains all customers. */
const MOST_ROWS = 1_000;

type Line = CustomerLine;
const always = () => true;

/** The lists of customers but the one by name: which customers each contains, and their order. */
const rankings: Record<
  Exclude<SummaryList, 'name' | 'failed-mails'>,
  { readonly contains: (line: Line, now: number) => boolean; readonly order: (a: Line, b: Line) => number }
> = {
  mau: { contains: always, order: orders.mau },
  fee: { contains: ({ overageFee }) => overageFee !== null, order: orders.fee },
  ends: { contains: ({ licenseEndsAt }) => licenseEndsAt !== null, order: orders.ends },
  // Of so many customers, the operator wants to see the latest.
  'signed-up': { contains: always, order: (a, b) => byTime(b.createdAt, a.createdAt) },
  'over-maximum': { contains: isOverMaximum, order: (a, b) => b.overageMau - a.overageMau },
  expiring: {
    contains: ({ expiresAt }, now) => isWithin(expiresAt, now, now + EXPIRING_DAYS * DAY),
    order: (a, b) => byTime(a.expiresAt, b.expiresAt),
  },
  leaving: {
    contains: ({ state }) => state === 'leaving',
    order: (a, b) => byTime(a.pendingUnsubscription?.effectiveAt ?? null, b.pendingUnsubscription?.effectiveAt ?? null),
  },
};

/** Returns all lists of a summary of the given customers and failed e-mails at the time `now`, each in parts. */
export function summaryListsOf(
  lines: readonly CustomerLine[],
  mails: readonly FailedMail[],
  now: number,
): Record<SummaryList, SummaryPart<SummaryRow | FailedMail>[]> {
  const oldestFirst = lines.toSorted(orders['signed-up']);
  const ranked = Object.entries(rankings).map(([list, { contains, order }]) => {
    const found = oldestFirst.filter((line) => contains(line, now)).sort(order);
    return [list, partsOf(found.slice(0, MOST_ROWS).map(summaryRow))] as const;
  });
  const named = lines
    .map((line) => ({ row: summaryRow(line), position: positionOfName(line) }))
    .sort((a, b) => byPosition(a.position, b.position))
    .map(({ row }) => row);
  return {
    ...(Object.fromEntries(ranked) as Record<keyof typeof rankings, SummaryPart<SummaryRow>[]>),
    name: partsOf(named, positionOfName),
    'failed-mails': partsOf(mails.toSorted(byLatest)),
  };
}
