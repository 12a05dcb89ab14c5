import { addOverviews } from '../../functions/domain/operator/add-overviews.ts';
import type { Overview } from '../../functions/domain/operator/overview.ts';
import { OperatorError, type Operator } from './invoke-operator.ts';
import { pagesOf } from './pages-of.ts';

export type { Overview };

/**
 * Returns the overview of all customers. Each invocation of the operator's Lambda function returns the overview of up
 * to 1,000 customers. Throws `OperatorError`, also if a month ends between two invocations.
 */
export async function readOverview(operator: Operator): Promise<Overview> {
  const pages = await pagesOf((cursor) => operator.run({ command: 'read-overview', cursor }));
  const [first, ...others] = pages.map(({ nextCursor, ...overview }) => overview) as [Overview, ...Overview[]];
  if (others.some(({ thisMonth }) => thisMonth.month !== first.thisMonth.month)) {
    throw new OperatorError({
      title: 'The month ended while the customers were counted',
      detail: 'Run the command again.',
    });
  }
  return addOverviews(first, others);
}
