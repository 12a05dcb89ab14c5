import type { Actor } from './callers.ts';
import type { Log } from './services.ts';

/**
 * Logs a change after it was made: the actor, what the actor changed, and the values before and after the change. `log`
 * adds the ID of the request to each log line.
 */
export function logChange(
  log: Log,
  change: { actor: Actor; what: string; customerId: string; before: unknown; after: unknown },
): void {
  log.info('change', change);
}
