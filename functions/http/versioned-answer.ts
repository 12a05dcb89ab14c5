/**
 * Returns a response that contains an item with a version. The ETag of the response is the version. The client may send
 * the ETag in the header `If-Match` of a later edit.
 */
export function versionedAnswer<View extends { readonly version: number }>(view: View) {
  return { body: view, headers: { etag: `"${view.version}"` } };
}
