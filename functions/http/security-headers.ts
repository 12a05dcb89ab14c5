/**
 * The headers of every response. The API's responses are not web pages, so these headers forbid browsers to store a
 * response, to guess the type of a response, and to show a response as a page or in a frame.
 */
export const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // The console's files are also served with this header, because the API and the console share a host.
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};
