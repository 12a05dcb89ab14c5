import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ForbiddenError, UnauthenticatedError } from '../domain/errors.ts';

/** The prefix `__Host-` ties the cookie to this host, TLS and every path (RFC 6265bis, 4.1.3.2). */
const COOKIE = '__Host-session';
/** The header that names the administrator that a request is meant for. */
export const MEANT_FOR = 'Administrator-Id';

/** Returns the cookie that carries the console's session. */
export const sessionCookie = (token: string, lifetimeSeconds: number) =>
  `${COOKIE}=${token}; Path=/; Max-Age=${lifetimeSeconds}; HttpOnly; Secure; SameSite=Strict`;
/** The cookie that deletes the session cookie in the browser. */
export const endedSessionCookie = sessionCookie('', 0);

const bearer = (event: APIGatewayProxyEventV2) => /^Bearer +(\S+)$/i.exec(event.headers['authorization'] ?? '')?.[1];
const fromCookie = (event: APIGatewayProxyEventV2) =>
  event.cookies?.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);

/**
 * Returns the session token of a request, from `Authorization` or else from the cookie. A browser sends the cookie by
 * itself: SameSite keeps other sites out, and the check of `Origin` keeps sibling hosts of ours out. Throws
 * `UnauthenticatedError` without a token and `ForbiddenError` for another origin.
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

/** Returns the API key of a request. Throws `UnauthenticatedError` without one. */
export function apiKey(event: APIGatewayProxyEventV2): string {
  const key = bearer(event);
  if (key?.startsWith('fido2_') !== true) throw new UnauthenticatedError('This request needs an API key.');
  return key;
}
