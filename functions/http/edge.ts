import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Route } from '../api/routes.ts';
import { ForbiddenError } from '../domain/errors.ts';
import type { Services } from '../domain/services.ts';

/**
 * The header with which CloudFront proves that it forwarded a request. CloudFront overwrites the header if the caller
 * sent it.
 */
export const EDGE_SECRET = 'x-origin-verify';
/**
 * The header in which CloudFront tells the API the IP address of the caller. CloudFront overwrites the header if the
 * caller sent it.
 */
export const VIEWER_ADDRESS = 'x-viewer-address';

/** How the API recognizes the requests that CloudFront forwarded. */
export interface Edge {
  /** The secrets that CloudFront may send. While a secret is being replaced, the list contains the old and the new. */
  readonly secrets: readonly string[];
  /**
   * The requests that the API refuses if CloudFront did not forward them: none, those to the routes that need no
   * credential, or all.
   */
  readonly required: 'none' | 'anonymous' | 'all';
}
export interface EdgeServices {
  readonly edge: Edge;
  /** Returns what the audit needs to know about a request. @default - the function stores no audit entries */
  readonly factsOf?: (event: APIGatewayProxyEventV2) => Pick<Services, 'requestedFrom'>;
}
/** The setting of a service that is not behind CloudFront. */
export const NOT_BEHIND_CLOUDFRONT: Edge = { secrets: [], required: 'none' };

/** Returns whether CloudFront forwarded the request: whether the request contains one of the secrets. */
function isFromCloudFront({ headers }: APIGatewayProxyEventV2, { secrets }: Edge): boolean {
  const sent = Buffer.from(headers[EDGE_SECRET] ?? '');
  // The comparison takes the same time wherever the texts differ, so its duration does not reveal a part of the secret.
  return secrets.some((secret) => {
    const expected = Buffer.from(secret);
    return sent.length === expected.length && timingSafeEqual(sent, expected);
  });
}

/**
 * Returns the IP address, IPv4 or IPv6, of a request's caller. For a request that CloudFront forwarded, API Gateway
 * sees only the IP address of CloudFront, so the caller's address is in the header `VIEWER_ADDRESS`. Any other caller
 * could forge this header, so for any other request, returns the IP address from which API Gateway received the
 * request.
 */
export function callerAddressOf(event: APIGatewayProxyEventV2, edge: Edge): string {
  const viewer = event.headers[VIEWER_ADDRESS] ?? '';
  return isIP(viewer) > 0 && isFromCloudFront(event, edge) ? viewer : event.requestContext.http.sourceIp;
}

/**
 * Throws `ForbiddenError` if the stage serves requests to the route only through CloudFront, and CloudFront did not
 * forward the request.
 */
export function requireCloudFront({ caller }: Pick<Route, 'caller'>, event: APIGatewayProxyEventV2, edge: Edge): void {
  const isRequired = edge.required === 'all' || (edge.required === 'anonymous' && caller === 'anyone');
  if (!isRequired || isFromCloudFront(event, edge)) return;
  const served = edge.required === 'all' ? 'no requests' : 'only requests with an API key or a session';
  throw new ForbiddenError(`This URL serves ${served}. Use the URL of the console.`);
}
