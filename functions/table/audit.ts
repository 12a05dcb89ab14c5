import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { auditBetween, auditKey, auditKeyOf } from './keys.ts';
import type { Table } from './engine/client.ts';
import { readLast } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';

/**
 * An entry of a customer's audit: one change, sign-in or export. The service never changes an entry. An entry contains
 * no secret. It takes at most 1 KB, so one write unit stores it, or two in a transaction.
 */
export interface AuditEntry {
  readonly customerId: string;
  readonly id: string;
  /** The time of the change, in epoch milliseconds. */
  readonly at: number;
  /** One of the domain's kinds, such as `api-key-created`. */
  readonly kind: string;
  /** The kind of the author. `service` is the service itself, for example a scheduled run. */
  readonly by: 'administrator' | 'operator' | 'service';
  /** The ID of the administrator. @default - the author is no administrator */
  readonly byId?: string | undefined;
  /** The name that the administrator had at the time of the change, or the name of the operator. */
  readonly byName?: string | undefined;
  /** The IP address of the request. @default - no HTTP request made the change */
  readonly ipAddress?: string | undefined;
  /** The shortened header `User-Agent` of the request. @default - the request had none */
  readonly userAgent?: string | undefined;
  /** The ID and the name of what was changed. @default - the kind says everything */
  readonly subjectId?: string | undefined;
  readonly subjectName?: string | undefined;
  /** The service's own ID of the RP to which the subject belongs. @default - it belongs to no RP */
  readonly rpRef?: string | undefined;
  /** The old and the new values in small form: JSON objects, as JSON text. @default - there are none */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** Returns the item of an entry. DynamoDB deletes it after the time `ttl`, in epoch seconds. */
const itemOf = ({ customerId, ...entry }: AuditEntry, ttl: number) => ({
  ...auditKey(customerId, entry.at, entry.id),
  ...entry,
  ttl,
});

/**
 * Stores an entry. Belongs in the transaction of the change. If the process dies, the change and its entry are both
 * stored or neither is.
 */
export function putAuditEntry(entry: AuditEntry, ttl: number): Write<AuditEntry> {
  return { Put: { Item: itemOf(entry, ttl) } };
}

/**
 * Stores an entry about something that writes nothing else, such as an export. If the process dies after this write,
 * the entry is stored although the caller got no response.
 */
export async function storeAuditEntry(table: Table, entry: AuditEntry, ttl: number): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: itemOf(entry, ttl) }));
}

/** Returns the position of an entry in the audit of its customer. A cursor contains the position. */
export const positionOfEntry = ({ at, id }: Pick<AuditEntry, 'at' | 'id'>): string => auditKeyOf(at, id);

/** One page of entries, and the position after which the next page begins. It is undefined on the last page. */
export interface AuditPage {
  readonly entries: AuditEntry[];
  readonly last: string | undefined;
}

/**
 * Reads at most `limit` entries of a customer whose time is at least `from` and before `to` (epoch milliseconds), the
 * latest first, with one eventually consistent query of this range of sort keys. Begins after the position `after`.
 * Returns no entries if this position is before the range.
 */
export async function readAuditEntries(
  table: Table,
  customerId: string,
  { from, to }: { readonly from: number; readonly to: number },
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<AuditPage> {
  const range = auditBetween(customerId, from, to, after);
  if (range.to <= range.from) return { entries: [], last: undefined };
  const { items, isComplete } = await readLast<Omit<AuditEntry, 'customerId'>>(table, range, limit);
  const entries = items.map((item) => ({ ...item, customerId }));
  const oldest = entries.at(-1);
  return { entries, last: isComplete || !oldest ? undefined : positionOfEntry(oldest) };
}
