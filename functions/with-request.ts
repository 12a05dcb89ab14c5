import type { Log } from './domain/services.ts';

/**
 * Returns services for one request, or for one invocation of a function without routes. They contain the request ID,
 * and their log adds the request ID and the name of the route, or of the function, to every line.
 */
export function withRequest<S extends { readonly log: Log }>(
  services: S,
  route: string,
  requestId: string,
): S & { readonly requestId: string } {
  const line =
    (level: keyof Log): Log[keyof Log] =>
    (message, fields) => {
      services.log[level](message, { route, requestId, ...fields });
    };
  return { ...services, log: { info: line('info'), warn: line('warn'), error: line('error') }, requestId };
}
