import { listCredentialsContract as contract } from '../../contract/credentials.ts';
import { listCredentials } from '../../domain/credentials/list-credentials.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-credentials', contract, async ({ caller, params }, services) => {
  return { body: await listCredentials(services, caller, params.userId) };
});
