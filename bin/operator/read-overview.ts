import { sumsOf } from '../../functions/domain/licenses/overage-fee.ts';
import { OperatorError, type Operator, type OperatorResults } from './invoke-operator.ts';
import { pagesOf } from './pages-of.ts';

type Page = OperatorResults['read-overview'];
type MonthFees = Page['thisMonth'];
/** The overview of all customers: the pages of the operator's Lambda function, added together. */
export type Overview = Omit<Page, 'nextCursor'>;

/**
 * Returns the overview of all customers. Each invocation of the operator's Lambda function returns the overview of up
 * to 1,000 customers. Throws `OperatorError`, also if a month ends between two invocations.
 */
export async function readOverview(operator: Operator): Promise<Overview> {
  const [first, ...others] = await pagesOf((cursor) => operator.run({ command: 'read-overview', cursor }));
  if (others.some(({ thisMonth }) => thisMonth.month !== first.thisMonth.month)) {
    throw new OperatorError({
      title: 'The month ended while the customers were counted',
      detail: 'Run the command again.',
    });
  }
  const { nextCursor, ...overview } = [first, ...others].reduce((sum, page) => ({
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
  }));
  return overview;
}

function addFees(a: MonthFees, b: MonthFees): MonthFees {
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
