import { listAuditEntriesContract as contract } from '../../contract/audit.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';
import { nextLink } from '../../http/next-link.ts';

export const build = endpoint<'list-audit-entries', typeof contract, CalendarServices>(
  'list-audit-entries',
  contract,
  async ({ caller, query, wantsCsv, path }, services) => {
    const { customerId } = caller.customer;
    // Most processes never need this code, so a cold start does not load it.
    const { listAuditEntries, listAuditEntriesAsCsv } = await import('../../domain/audit/list-audit-entries.ts');
    if (!wantsCsv) return { body: await listAuditEntries(services, customerId, query) };
    const { csv, nextCursor } = await listAuditEntriesAsCsv(services, customerId, query);
    const { month, by, topic, cursor } = query;
    const { recordExport } = await import('../../domain/audit/record-export.ts');
    await recordExport(services, caller, { kind: 'activity-exported', cursor, contains: { month, by, topic } });
    return { csv, ...nextLink(path, nextCursor, { month, by, topic }) };
  },
);
