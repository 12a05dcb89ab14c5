import { createApiKeyContract as contract } from '../../contract/rps.ts';
import { createApiKey } from '../../domain/rps/create-api-key.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('create-api-key', contract, async ({ caller, params, body }, services) => ({
  body: await createApiKey(services, caller, params.id, body),
}));
