import type { Actor } from './callers.ts';
import type { Log } from './services.ts';

/** Logs a change that was done: who, what, before and after. The request's ID is in every line of its log. */
export function logChange(
  log: Log,
  change: { actor: Actor; what: string; customerId: string; before: unknown; after: unknown },
): void {
  log.info('change', change);
}
