import { pagesOf } from './pages-of.ts';
import type { Operator, OperatorResults } from './invoke-operator.ts';

export type CustomerLine = OperatorResults['list-customers']['items'][number];
export interface CustomerList {
  readonly customers: readonly CustomerLine[];
  /** The time of the service when it returned the first page. */
  readonly now: string;
}

/**
 * Returns all customers, in no particular order. Each invocation of the operator's Lambda function returns one page of
 * customers. Throws `OperatorError`.
 */
export async function listCustomers(operator: Operator): Promise<CustomerList> {
  const [first, ...others] = await pagesOf((cursor) => operator.run({ command: 'list-customers', cursor }));
  return { customers: [first, ...others].flatMap(({ items }) => items), now: first.now };
}
