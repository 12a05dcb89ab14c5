import type { CustomerView } from '../contract/customers.ts';

/** Returns the response with the Customer view. Its ETag is the view's version, which edits send back as `If-Match`. */
export function customerAnswer(view: CustomerView) {
  return { body: view, headers: { etag: `"${view.customer.version}"` } };
}
