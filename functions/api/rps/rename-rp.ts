import { renameRpContract as contract } from '../../contract/rps.ts';
import { renameRp } from '../../domain/rps/rename-rp.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('rename-rp', contract, async ({ caller, params, body }, services) => ({
  body: await renameRp(services, caller, params.id, body),
}));
