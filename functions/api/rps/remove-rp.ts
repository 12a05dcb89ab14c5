import { removeRpContract as contract } from '../../contract/rps.ts';
import type { AnnouncingServices } from '../../domain/discarding.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'remove-rp', typeof contract, AnnouncingServices & CalendarServices>(
  'remove-rp',
  contract,
  async ({ caller, params }, services) => {
    // Most processes never need this code, so a cold start does not load it.
    const { removeRp } = await import('../../domain/rps/remove-rp.ts');
    await removeRp(services, caller, params.id);
    return {};
  },
);
