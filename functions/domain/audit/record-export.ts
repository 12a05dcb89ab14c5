import type { AuditKind } from '../../contract/values/audit-kinds.ts';
import { storeAuditEntry } from '../../table/audit.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import type { Services } from '../services.ts';
import { newAuditEntry, ttlOf } from './new-change.ts';

/** A file that a caller downloads. */
interface Export {
  readonly kind: Extract<AuditKind, `${string}-exported`>;
  /** The cursor of the part that the caller downloads. Undefined for the first part, or for a file with one part. */
  readonly cursor: string | undefined;
  /** The parameters that say what the file contains. @default - the kind says everything */
  readonly contains?: Readonly<Record<string, unknown>> | null;
}

/**
 * Stores the audit entry of an export: the caller downloads a file with data of their customer. A handler calls this
 * function when the file is ready, and before the response. If the function throws an error, the caller gets no file.
 * If the process dies after the write, the entry is stored although the caller got no file. Stores nothing for the
 * further parts of a file.
 */
export async function recordExport(
  services: Services,
  caller: AdministratorCaller,
  { kind, cursor, contains = null }: Export,
): Promise<void> {
  if (cursor !== undefined) return;
  const { customerId } = caller.customer;
  const entry = newAuditEntry(services, caller, customerId, { kind, before: null, after: contains });
  await storeAuditEntry(services.table, entry, ttlOf(entry));
  logChange(services.log, { actor: actorOf(caller), what: 'export', customerId, before: null, after: { kind } });
}
