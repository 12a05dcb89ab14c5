import { NONE, table } from './layout.ts';
import { LATEST, type Activity } from './list-audit-entries.ts';

/** Formats the activity of a customer as a table. */
export function showAuditEntries({ items, hasMore }: Activity): string {
  if (items.length === 0) return 'There is no activity.';
  const rows = items.map(({ at, kind, by, ipAddress, subject, rp, before, after }) => [
    at,
    by.type === 'administrator'
      ? `${by.name ?? ''} (${by.id ?? ''})`
      : by.type === 'operator'
        ? `operator ${by.name ?? ''}`
        : 'service',
    kind,
    subject ? [subject.name, subject.id].filter((part) => part !== null).join(' ') : (rp ?? NONE),
    ipAddress ?? NONE,
    [before, after].map((values) => (values === null ? NONE : JSON.stringify(values))).join(' → '),
  ]);
  const note = `These are the latest ${LATEST} entries. For older ones, add --month, such as --month 2026-11.`;
  return [table(['AT', 'BY', 'KIND', 'SUBJECT', 'FROM', 'BEFORE → AFTER'], rows), ...(hasMore ? ['', note] : [])].join(
    '\n',
  );
}
