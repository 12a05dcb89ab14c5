import type { RpDetailsView } from '../contract/rp-views.ts';

/**
 * Returns a response that contains an RP with its settings. The ETag of the response is the version of the RP. The
 * client can send the ETag in the header `If-Match` of a later edit.
 */
export function rpAnswer(view: RpDetailsView) {
  return { body: view, headers: { etag: `"${view.version}"` } };
}
