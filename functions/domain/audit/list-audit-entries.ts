import type { AuditEntryView } from '../../contract/audit.ts';
import { kindsAbout, type AuditKind, type AuditTopic } from '../../contract/values/audit-kinds.ts';
import { positionOfEntry, readAuditEntries, type AuditEntry } from '../../table/audit.ts';
import type { Month } from '../calendar.ts';
import { cursorAfter, listAnswer, RESPONSE_SIZE, sizeInResponse, type Page } from '../pages.ts';
import type { CalendarServices } from '../services.ts';
import { toIso } from '../time.ts';
import { auditCsvHeader, auditCsvRow } from './audit-csv.ts';
import { AUDIT_KEPT } from './new-change.ts';

export interface WantedEntries extends Pick<Page, 'cursor'> {
  /** The month whose entries are wanted. @default - those of the last 13 months */
  readonly month?: Month | undefined;
  /** The author: the ID of an administrator, `operator` or `service`. @default - any author */
  readonly by?: string | undefined;
  /** @default - any topic */
  readonly topic?: AuditTopic | undefined;
}

/**
 * The maximum number of queries for one CSV. With a filter, entries that do not match take time but no space in the
 * CSV.
 */
const QUERIES_A_CSV = 20;
/** The number of entries that CSV reads with a query. They take less than the 1 MB that DynamoDB reads at once. */
const ENTRIES_A_QUERY = 1_000;
/** The number of entries that a page with a filter examines, and how many of them it reads with a query. */
const EXAMINED_A_PAGE = 1_000;
const EXAMINED_A_QUERY = 200;

/**
 * Returns a page of at most `limit` audit entries of a customer, the latest first, in the form that API responses use.
 * With a filter, examines up to 1,000 entries, so the page can be empty although further entries follow it: DynamoDB
 * sorts entries only by time. An entry that is stored while a list is read page by page moves no entry to another page.
 */
export async function listAuditEntries(
  services: CalendarServices,
  customerId: string,
  { limit, ...wanted }: WantedEntries & Pick<Page, 'limit'>,
) {
  if (wanted.by === undefined && wanted.topic === undefined) {
    const { entries, last } = await readAuditPage(services, customerId, wanted, limit);
    return listAnswer(entries.map(auditEntryView), last);
  }
  const found: AuditEntry[] = [];
  let after = wanted.cursor;
  for (let examined = 0; examined < EXAMINED_A_PAGE && found.length < limit; examined += EXAMINED_A_QUERY) {
    const { entries, last } = await readAuditPage(services, customerId, { ...wanted, cursor: after }, EXAMINED_A_QUERY);
    found.push(...entries.filter(isWanted(wanted)));
    after = last;
    if (last === undefined) break;
  }
  const shown = found.slice(0, limit);
  const lastShown = shown.at(-1);
  return listAnswer(shown.map(auditEntryView), found.length > limit && lastShown ? positionOfEntry(lastShown) : after);
}

/** Returns a function that returns whether an entry has the wanted author and topic. */
function isWanted({ by, topic }: WantedEntries): (entry: AuditEntry) => boolean {
  const kinds = topic === undefined ? undefined : kindsAbout(topic);
  return (entry) => (by === undefined || by === (entry.byId ?? entry.by)) && (kinds?.includes(entry.kind) ?? true);
}

/**
 * Returns the audit entries of a customer as CSV, the latest first, beginning after the cursor. The CSV contains as
 * many entries as fit in one response. Also returns the cursor with which the next call continues, or null when the CSV
 * contains the oldest entry.
 */
export async function listAuditEntriesAsCsv(
  services: CalendarServices,
  customerId: string,
  wanted: WantedEntries,
): Promise<{ csv: string; nextCursor: string | null }> {
  const parts = [auditCsvHeader];
  let size = sizeInResponse(auditCsvHeader);
  let after = wanted.cursor;
  for (let queries = 0; queries < QUERIES_A_CSV; queries += 1) {
    const { entries, last } = await readAuditPage(services, customerId, { ...wanted, cursor: after }, ENTRIES_A_QUERY);
    for (const entry of entries.filter(isWanted(wanted))) {
      const row = auditCsvRow(auditEntryView(entry));
      size += sizeInResponse(row);
      if (size > RESPONSE_SIZE && after !== undefined) return { csv: parts.join(''), nextCursor: cursorAfter(after) };
      parts.push(row);
      after = positionOfEntry(entry);
    }
    if (last === undefined) return { csv: parts.join(''), nextCursor: null };
    after = last;
  }
  return { csv: parts.join(''), nextCursor: after === undefined ? null : cursorAfter(after) };
}

/** Reads a page of at most `limit` audit entries of a customer, the latest first. */
export function readAuditPage(
  { table, clock, calendar }: CalendarServices,
  customerId: string,
  { month, cursor }: WantedEntries,
  limit: number,
) {
  const now = clock.now();
  const oldest = now - AUDIT_KEPT;
  // A clock that is ahead of this one may have stored an entry of the future.
  const [from, to] =
    month === undefined ? [oldest, now + AUDIT_KEPT] : [calendar.startOf(month), calendar.endOf(month)];
  return readAuditEntries(table, customerId, { from: Math.max(from, oldest), to }, { limit, after: cursor });
}

/** Converts an entry to the form that API responses use. It does not name the operator, who is no administrator. */
export const auditEntryView = (entry: AuditEntry): AuditEntryView => ({
  id: entry.id,
  at: toIso(entry.at),
  kind: entry.kind as AuditKind,
  by: {
    type: entry.by,
    id: entry.byId ?? null,
    name: entry.by === 'administrator' ? (entry.byName ?? null) : null,
  },
  ipAddress: entry.ipAddress ?? null,
  userAgent: entry.userAgent ?? null,
  subject: entry.subjectId === undefined ? null : { id: entry.subjectId, name: entry.subjectName ?? null },
  rp: entry.rpRef ?? null,
  before: parsed(entry.before),
  after: parsed(entry.after),
});

const parsed = (text: string | undefined): AuditEntryView['before'] =>
  text === undefined ? null : (JSON.parse(text) as AuditEntryView['before']);
