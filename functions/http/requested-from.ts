import { callerAddressOf, type EdgeServices } from './edge.ts';

/**
 * Returns the services of a function whose routes store audit entries: each request knows its IP address and its header
 * `User-Agent`. The other functions do not load this code.
 */
export function withRequestedFrom<S extends EdgeServices>(services: S): S {
  return {
    ...services,
    factsOf: (event) => ({
      requestedFrom: { ipAddress: callerAddressOf(event, services.edge), userAgent: event.headers['user-agent'] },
    }),
  };
}
