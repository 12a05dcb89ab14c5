import type { CustomerSummary, Operator } from './invoke-operator.ts';

/**
 * Returns all customers in the order in which they signed up. Each invocation of the operator's Lambda function returns
 * one page of customers. Throws `OperatorError`.
 */
export async function listCustomers(operator: Operator): Promise<CustomerSummary[]> {
  const customers: CustomerSummary[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await operator.run({ command: 'list-customers', cursor });
    customers.push(...items);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return customers.sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
}
