import type { CustomerView } from '../contract/customers.ts';

/** Answers the Customer view, with its version as ETag: what edits send back as `If-Match`. */
export function customerAnswer(view: CustomerView) {
  return { body: view, headers: { etag: `"${view.customer.version}"` } };
}
