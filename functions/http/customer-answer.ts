import type { CustomerView } from '../contract/customers.ts';

/**
 * Returns a response that contains the Customer view, the API's representation of a customer. The ETag of the response
 * is the customer's version. The client sends the ETag in the header `If-Match` of a later edit.
 */
export function customerAnswer(view: CustomerView) {
  return { body: view, headers: { etag: `"${view.customer.version}"` } };
}
