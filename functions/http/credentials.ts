import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ForbiddenError, UnauthenticatedError } from '../domain/errors.ts';

/**
 * The prefix `__Host-` makes browsers send the cookie only to this host and only over TLS, for every path (RFC 6265bis,
 * 4.1.3.2).
 */
const COOKIE = '__Host-session';
/**
 * The header that contains an administrator's ID. The service refuses the request when the session belongs to another
 * administrator.
 */
export const MEANT_FOR = 'Administrator-Id';

/** Returns the cookie that contains the session token of the console. */
export const sessionCookie = (token: string, lifetimeSeconds: number) =>
  `${COOKIE}=${token}; Path=/; Max-Age=${lifetimeSeconds}; HttpOnly; Secure; SameSite=Strict`;
/** The cookie that deletes the session cookie in the browser. */
export const endedSessionCookie = sessionCookie('', 0);

const bearer = (event: APIGatewayProxyEventV2) => /^Bearer +(\S+)$/i.exec(event.headers['authorization'] ?? '')?.[1];
const fromCookie = (event: APIGatewayProxyEventV2) =>
  event.cookies?.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);

/**
 * Returns the session token of a request, from the header `Authorization`, or from the cookie if the request has no
 * such header. A browser may also add the cookie to requests that pages of other origins make. The cookie's attribute
 * `SameSite` prevents this for pages of other sites. The check of the header `Origin` refuses such requests from pages
 * of other hosts on the service's own site. Throws `UnauthenticatedError` when there is no token, and `ForbiddenError`
 * when the cookie comes with an origin other than `consoleUrl`.
 */
export function sessionToken(event: APIGatewayProxyEventV2, consoleUrl: string): string {
  const fromHeader = bearer(event);
  const token = fromHeader ?? fromCookie(event);
  if (token?.startsWith('ses_') !== true)
    throw new UnauthenticatedError('This request needs a session. Sign in first.');
  const { origin } = event.headers;
  if (fromHeader === undefined && origin !== undefined && origin !== consoleUrl) {
    throw new ForbiddenError('A request with the session cookie must come from the console.');
  }
  return token;
}

/** Returns the API key of a request. Throws `UnauthenticatedError` when the request has no API key. */
export function apiKey(event: APIGatewayProxyEventV2): string {
  const key = bearer(event);
  if (key?.startsWith('fido2_') !== true) throw new UnauthenticatedError('This request needs an API key.');
  return key;
}
