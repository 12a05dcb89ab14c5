import type { CustomerView } from '../contract/customers.ts';

/**
 * Returns the answer with the Customer view. The ETag of the answer is the customer's version, which edits send back as
 * `If-Match`.
 */
export function customerAnswer(view: CustomerView) {
  return { body: view, headers: { etag: `"${view.customer.version}"` } };
}
