import { listActiveUsersContract as contract } from '../../contract/active-users.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';
import { nextLink } from '../../http/next-link.ts';

export const build = endpoint<'list-active-users', typeof contract, CalendarServices>(
  'list-active-users',
  contract,
  async ({ caller, query, wantsCsv, path }, services) => {
    // Most processes never need this code, so a cold start does not load it.
    const { listActiveUsers, listActiveUsersAsCsv } = await import('../../domain/metering/list-active-users.ts');
    if (!wantsCsv) return { body: await listActiveUsers(services, caller, query) };
    const { csv, nextCursor } = await listActiveUsersAsCsv(services, caller, query);
    const { cursor, month, rp } = query;
    const { recordExport } = await import('../../domain/audit/record-export.ts');
    await recordExport(services, caller, { kind: 'active-users-exported', cursor, contains: { month, rp } });
    return { csv, ...nextLink(path, nextCursor, { month, rp }) };
  },
);
