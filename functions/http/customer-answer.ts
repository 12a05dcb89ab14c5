import type { CustomerView } from '../contract/customers.ts';

/**
 * Returns the response with the Customer view. The ETag of the response is the customer's version, which a later edit
 * sends as `If-Match`.
 */
export function customerAnswer(view: CustomerView) {
  return { body: view, headers: { etag: `"${view.customer.version}"` } };
}
