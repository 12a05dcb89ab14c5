import { sumsOf } from '../licenses/overage-fee.ts';
import type { Overview } from './overview.ts';

/** Returns the overview of the customers of several overviews, which must have the same current month. */
export function addOverviews(first: Overview, others: readonly Overview[]): Overview {
  return others.reduce(
    (sum, page) => ({
      ...sum,
      thisMonth: addFees(sum.thisMonth, page.thisMonth),
      lastMonth: addFees(sum.lastMonth, page.lastMonth),
      customers: sum.customers + page.customers,
      states: addCounts(sum.states, page.states),
      plans: addCounts(sum.plans, page.plans),
      newThisMonth: sum.newThisMonth + page.newThisMonth,
      overMaximum: sum.overMaximum + page.overMaximum,
      expiring: sum.expiring + page.expiring,
      failedAlerts: addCounts(sum.failedAlerts, page.failedAlerts),
      unreachableRepresentatives: sum.unreachableRepresentatives + page.unreachableRepresentatives,
    }),
    first,
  );
}

function addFees(a: Overview['thisMonth'], b: Overview['thisMonth']): Overview['thisMonth'] {
  return {
    month: a.month,
    fees: sumsOf([...a.fees, ...b.fees]),
    customers: a.customers + b.customers,
    open: a.open + b.open,
  };
}

function addCounts<Word extends string>(a: Partial<Record<Word, number>>, b: Partial<Record<Word, number>>) {
  const counts = { ...a };
  for (const word of Object.keys(b) as Word[]) counts[word] = (counts[word] ?? 0) + (b[word] ?? 0);
  return counts;
}
