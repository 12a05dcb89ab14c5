import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/**
 * The cookie that contains the ceremony. The server of an RP keeps the cookie's name and value, and sends them back
 * with the request that ends the ceremony.
 */
const NAME = 'fss-ceremony';

/** Returns the value of the ceremony's cookie, or undefined if the request has no such cookie. */
export function fssCookieOf({ cookies }: APIGatewayProxyEventV2): string | undefined {
  return cookies?.find((cookie) => cookie.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
}

/** Returns the header `Set-Cookie` that stores a value in the ceremony's cookie. Null removes the cookie. */
export function setFssCookie(value: string | null, consoleUrl: string): string {
  const secure = consoleUrl.startsWith('https:') ? '; Secure' : '';
  return `${NAME}=${value ?? ''}; Path=/api; HttpOnly${secure}; SameSite=Strict${value === null ? '; Max-Age=0' : ''}`;
}
