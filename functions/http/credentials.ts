import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ForbiddenError, UnauthenticatedError } from '../domain/errors.ts';
import type { Services } from '../domain/services.ts';

type Console = Pick<Services, 'consoleUrl'>;

/**
 * Returns whether the session cookie must have the attribute `Secure`, with which browsers send the cookie only over
 * TLS. Only the local service is without TLS. Safari stores no such cookie for `http://localhost`.
 */
const isSecure = ({ consoleUrl }: Console) => consoleUrl.startsWith('https:');
/** The two kinds of sessions, of administrators and of operators: the names of their cookies, and their prefixes. */
const SESSIONS = {
  administrator: { secure: '__Host-session', local: 'fido2-session', prefix: 'ses_' },
  operator: { secure: '__Host-operator-session', local: 'fido2-operator-session', prefix: 'ops_' },
} as const;
export type SessionKind = keyof typeof SESSIONS;

/**
 * Returns the name of the session cookie. Because of the prefix `__Host-`, browsers send the cookie for every path, but
 * only over TLS and only to the host that set the cookie (RFC 6265bis, 4.1.3.2). Without TLS, browsers refuse a cookie
 * with this prefix.
 */
const cookieName = (console: Console, kind: SessionKind) => SESSIONS[kind][isSecure(console) ? 'secure' : 'local'];
/**
 * The name of the header that contains the ID of the administrator for whom the client sends the request. The service
 * refuses the request when the session belongs to another administrator.
 */
export const MEANT_FOR = 'Administrator-Id';

/** Returns the value of the header `Set-Cookie` that makes the browser store the console's session token. */
export const sessionCookie = (
  console: Console,
  token: string,
  lifetimeSeconds: number,
  kind: SessionKind = 'administrator',
) =>
  `${cookieName(console, kind)}=${token}; Path=/; Max-Age=${lifetimeSeconds}; HttpOnly; ${isSecure(console) ? 'Secure; ' : ''}SameSite=Strict`;
/** Returns the value of the header `Set-Cookie` that makes the browser delete the session cookie. */
export const endedSessionCookie = (console: Console, kind?: SessionKind) => sessionCookie(console, '', 0, kind);

const bearer = (event: APIGatewayProxyEventV2) => /^Bearer +(\S+)$/i.exec(event.headers['authorization'] ?? '')?.[1];
const fromCookie = (event: APIGatewayProxyEventV2, console: Console, kind: SessionKind) => {
  const start = `${cookieName(console, kind)}=`;
  return event.cookies?.find((cookie) => cookie.startsWith(start))?.slice(start.length);
};

/**
 * Returns the session token of a request by an administrator or an operator, from the header `Authorization`, or from
 * the session cookie if that header contains no bearer token. Without protection, a browser would add the session
 * cookie to requests that pages of other origins make. The cookie's attribute `SameSite` prevents this for pages of
 * other sites. For pages of other hosts on the service's own site, this function checks the header `Origin`. Throws
 * `UnauthenticatedError` when the request has no session token, and `ForbiddenError` when a request with the session
 * cookie has an origin other than `consoleUrl`.
 */
export function sessionToken(
  event: APIGatewayProxyEventV2,
  consoleUrl: string,
  kind: SessionKind = 'administrator',
): string {
  const fromHeader = bearer(event);
  const token = fromHeader ?? fromCookie(event, { consoleUrl }, kind);
  if (token?.startsWith(SESSIONS[kind].prefix) !== true)
    throw new UnauthenticatedError(
      'This request needs a session. Sign in first, and send the session token as “Authorization: Bearer <token>”.',
    );
  const { origin } = event.headers;
  if (fromHeader === undefined && origin !== undefined && origin !== consoleUrl) {
    throw new ForbiddenError('A request with the session cookie must come from the console.');
  }
  return token;
}

/** Returns the API key of a request. Throws `UnauthenticatedError` when the request has no API key. */
export function apiKey(event: APIGatewayProxyEventV2): string {
  const key = bearer(event);
  if (key?.startsWith('fido2_') !== true)
    throw new UnauthenticatedError('This request needs an API key. Send the API key as “Authorization: Bearer <key>”.');
  return key;
}
