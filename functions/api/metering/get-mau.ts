import { getMauContract as contract } from '../../contract/customers.ts';
import { getMau } from '../../domain/metering/get-mau.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'get-mau', typeof contract, CalendarServices>(
  'get-mau',
  contract,
  async ({ caller, query, wantsCsv }, services) => {
    const view = await getMau(services, caller, query);
    if (!wantsCsv) return { body: view };
    const { mauCsv } = await import('../../domain/metering/mau-csv.ts');
    const { recordExport } = await import('../../domain/audit/record-export.ts');
    await recordExport(services, caller, { kind: 'mau-exported', cursor: undefined });
    return { csv: mauCsv(view) };
  },
);
