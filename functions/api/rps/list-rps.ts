import { listRpsContract as contract } from '../../contract/rps.ts';
import { listRps } from '../../domain/rps/list-rps.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-rps', contract, async ({ caller, query }, services) => ({
  body: await listRps(services, caller, query),
}));
