import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ForbiddenError, UnauthenticatedError } from '../domain/errors.ts';

/** `__Host-`: only from this host, only over TLS, for every path (RFC 6265bis, 4.1.3.2). */
const COOKIE = '__Host-session';
/** The header that names whose session a request is meant to be made with. */
export const MEANT_FOR = 'Administrator-Id';

/** Gives the cookie that carries a session for the console. */
export const sessionCookie = (token: string, lifetimeSeconds: number) =>
  `${COOKIE}=${token}; Path=/; Max-Age=${lifetimeSeconds}; HttpOnly; Secure; SameSite=Strict`;
/** The cookie that takes a session's place when it is ended. */
export const endedSessionCookie = sessionCookie('', 0);

const bearer = (event: APIGatewayProxyEventV2) => /^Bearer +(\S+)$/i.exec(event.headers['authorization'] ?? '')?.[1];
const fromCookie = (event: APIGatewayProxyEventV2) =>
  event.cookies?.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);

/**
 * Gives the session token of a request: `Authorization`, else the cookie. A browser sends the cookie by itself: SameSite
 * keeps other sites out, and what a sibling of our origin sends is refused by its Origin.
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

/** Gives the API key of a request. */
export function apiKey(event: APIGatewayProxyEventV2): string {
  const key = bearer(event);
  if (key?.startsWith('fido2_') !== true) throw new UnauthenticatedError('This request needs an API key.');
  return key;
}
