import { removeRpContract as contract } from '../../contract/rps.ts';
import type { AnnouncingServices } from '../../domain/discarding.ts';
import { removeRp } from '../../domain/rps/remove-rp.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'remove-rp', typeof contract, AnnouncingServices>(
  'remove-rp',
  contract,
  async ({ caller, params }, services) => {
    await removeRp(services, caller, params.id);
    return {};
  },
);
