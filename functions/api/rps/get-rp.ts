import { getRpContract as contract } from '../../contract/rps.ts';
import { getRp } from '../../domain/rps/get-rp.ts';
import { rpView } from '../../domain/rps/rp-view.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('get-rp', contract, async ({ caller, params }, services) => ({
  body: rpView(await getRp(services, caller, params.id)),
}));
