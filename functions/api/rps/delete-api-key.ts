import { deleteApiKeyContract as contract } from '../../contract/rps.ts';
import { deleteApiKey } from '../../domain/rps/delete-api-key.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('delete-api-key', contract, async ({ caller, params }, services) => {
  await deleteApiKey(services, caller, params);
  return {};
});
