import { listCredentialsOfRpContract as contract } from '../../contract/credentials.ts';
import { listCredentials } from '../../domain/credentials/list-credentials.ts';
import { userManagerOf } from '../../domain/users/user-manager.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-credentials-of-rp', contract, async ({ caller, params }, services) => {
  const manager = await userManagerOf(services, caller, params.id);
  return { body: await listCredentials(services, manager, params.userId) };
});
