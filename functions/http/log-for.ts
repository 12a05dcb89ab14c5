import type { Log } from '../domain/services.ts';

/** Returns a log that adds the name of the route and the request ID to every line. */
export function logFor(log: Log, route: string, requestId: string): Log {
  const line =
    (level: keyof Log): Log[keyof Log] =>
    (message, fields) => {
      log[level](message, { route, requestId, ...fields });
    };
  return { info: line('info'), warn: line('warn'), error: line('error') };
}
