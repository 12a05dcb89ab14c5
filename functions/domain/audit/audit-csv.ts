import type { AuditEntryView } from '../../contract/audit.ts';
import { csv } from '../csv.ts';

/** The header row of audit entries as CSV. */
export const auditCsvHeader = csv([
  [
    ...['at', 'kind', 'byType', 'byId', 'byName', 'ipAddress', 'userAgent'],
    ...['subjectId', 'subjectName', 'rp', 'before', 'after', 'id'],
  ],
]);

/** Returns the row of an audit entry. The old and the new values are JSON. */
export const auditCsvRow = ({ id, at, kind, by, ipAddress, userAgent, subject, rp, before, after }: AuditEntryView) =>
  csv([
    [
      ...[at, kind, by.type, by.id, by.name, ipAddress, userAgent],
      ...[subject?.id ?? null, subject?.name ?? null, rp, textOf(before), textOf(after), id],
    ],
  ]);

const textOf = (values: AuditEntryView['before']) => (values === null ? null : JSON.stringify(values));
