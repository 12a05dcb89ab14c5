import { removeRpContract as contract } from '../../contract/rps.ts';
import type { AnnouncingServices } from '../../domain/discarding.ts';
import { removeRp } from '../../domain/rps/remove-rp.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'remove-rp', typeof contract, AnnouncingServices & CalendarServices>(
  'remove-rp',
  contract,
  async ({ caller, params }, services) => {
    await removeRp(services, caller, params.id);
    return {};
  },
);
