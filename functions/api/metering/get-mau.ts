import { getMauContract as contract } from '../../contract/customers.ts';
import { recordExport } from '../../domain/audit/record-export.ts';
import { getMau } from '../../domain/metering/get-mau.ts';
import { mauCsv } from '../../domain/metering/mau-csv.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'get-mau', typeof contract, CalendarServices>(
  'get-mau',
  contract,
  async ({ caller, query, wantsCsv }, services) => {
    const view = await getMau(services, caller, query);
    if (!wantsCsv) return { body: view };
    await recordExport(services, caller, { kind: 'mau-exported', cursor: undefined });
    return { csv: mauCsv(view) };
  },
);
