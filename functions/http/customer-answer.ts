import type { CustomerView } from '../contract/customers.ts';

/**
 * Returns the answer with the Customer view. Its ETag is the customer's version, which edits send back as `If-Match`.
 */
export function customerAnswer(view: CustomerView) {
  return { body: view, headers: { etag: `"${view.customer.version}"` } };
}
