import type { AuditKind } from '../contract/values/audit-kinds.ts';
import type { Administrator } from '../table/administrators.ts';
import type { Write } from '../table/engine/transaction.ts';
import type { Actor } from './callers.ts';
import type { Log } from './services.ts';

/**
 * Logs a change after it was made: the actor, what the actor changed, and the values before and after the change.
 * Changes of operators belong to no customer. `log` adds the ID of the request to each log line.
 */
export function logChange(
  log: Log,
  change: { actor: Actor; what: string; customerId?: string; before: unknown; after: unknown },
): void {
  log.info('change', change);
}

/** The author of a change. An `AdministratorCaller` and an `RpAdministrator` are authors. */
export type Author =
  | { readonly administrator: Pick<Administrator, 'administratorId' | 'name'> }
  | { readonly operator: string }
  /** The service itself. The text names the part of the service, for example `schedule`. */
  | { readonly service: string };

/** The description of a change. */
export interface Made {
  readonly kind: AuditKind;
  /** The thing that was changed. @default - the kind says everything */
  readonly subject?: { readonly id: string; readonly name?: string | undefined } | undefined;
  /** The service's own ID of the RP to which the subject belongs. @default - it belongs to no RP */
  readonly rpRef?: string | undefined;
  /** The values before and after the change. Null if there are none. They must not contain a secret. */
  readonly before: unknown;
  readonly after: unknown;
}

/** A change that is about to be made. */
export interface Change {
  /**
   * The write that stores the audit entry. It belongs in the transaction that makes the change. Undefined if the change
   * is only logged.
   */
  readonly write: Write | undefined;
  /** Logs the change. Must be called after the transaction has succeeded. */
  readonly log: () => void;
}
