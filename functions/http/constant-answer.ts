import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/**
 * For this number of seconds, browsers and CloudFront may use a constant response without asking whether it is still
 * current. A response changes only with a deployment, so a caller may get the previous response for 5 minutes after a
 * deployment.
 */
const FRESH_SECONDS = 300;

type Result = APIGatewayProxyStructuredResultV2;

/**
 * Returns a function that answers the requests of a route whose response is the same for every caller. The function
 * calls `make` only for the first request of the process, and remembers the response with its ETag. If the header
 * `If-None-Match` of a request contains the ETag, the caller has the response already, so the function returns the
 * status 304 without a body (RFC 9110, 13.1.2).
 */
export function rememberConstant(): (event: APIGatewayProxyEventV2, make: () => Result) => Result {
  let remembered: { readonly etag: string; readonly whole: Result; readonly unchanged: Result } | undefined;
  return ({ headers }, make) => {
    const { etag, whole, unchanged } = (remembered ??= withEtag(make()));
    return names(headers['if-none-match'], etag) ? unchanged : whole;
  };
}

function withEtag(made: Result) {
  const etag = `"${createHash('sha256')
    .update(made.body ?? '')
    .digest('base64url')}"`;
  const caching = { 'cache-control': `public, max-age=${FRESH_SECONDS}`, etag };
  const whole = { ...made, headers: { ...made.headers, ...caching } };
  const { 'content-type': _, ...headers } = whole.headers as typeof whole.headers & { 'content-type'?: string };
  return { etag, whole, unchanged: { statusCode: 304, headers } };
}

/**
 * Returns whether the header `If-None-Match` names the ETag. Ignores the mark `W/` of a weak ETag: CloudFront adds the
 * mark when it compresses a response.
 */
function names(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
