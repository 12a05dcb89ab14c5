import { listApiKeysContract as contract } from '../../contract/rps.ts';
import { listApiKeys } from '../../domain/rps/list-api-keys.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-api-keys', contract, async ({ caller, params, query }, services) => ({
  body: await listApiKeys(services, caller, params.id, query),
}));
