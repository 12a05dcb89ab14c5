import type { RpCaller } from '../domain/callers.ts';
import type { RefusalServices } from '../domain/activity/refusal-limits.ts';
import type { Problem } from './problems.ts';
import type { Refusal } from '../table/refusals.ts';

/** A problem with which the service is about to respond to an RP's server. */
export interface RefusedRequest {
  readonly caller: RpCaller;
  readonly problem: Problem;
  /** How many milliseconds the request may still take. */
  readonly left: number;
}

/**
 * Returns the function that stores the refusals of a route of ceremonies. The function always succeeds, so that a
 * refusal stays the response of the request; a failure is only logged. The code that stores refusals is loaded when the
 * first refusal needs it.
 */
export const recordRefusals = (kind: Refusal['kind']) => (services: RefusalServices, refused: RefusedRequest) =>
  import('./record-refusal.ts')
    .then(({ recordRefusal }) => recordRefusal(services, kind, refused))
    .catch((error: unknown) => {
      services.log.warn('refusal not stored', { requestId: refused.problem.requestId, error });
    });
