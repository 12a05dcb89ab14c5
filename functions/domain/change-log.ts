import type { Actor } from './callers.ts';
import type { Log } from './services.ts';

/**
 * Logs a change that was made: the actor, the thing that changed, and the states of the thing before and after the
 * change. `log` adds the ID of the request to each line.
 */
export function logChange(
  log: Log,
  change: { actor: Actor; what: string; customerId: string; before: unknown; after: unknown },
): void {
  log.info('change', change);
}
