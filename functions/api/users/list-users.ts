import { listUsersContract as contract } from '../../contract/users.ts';
import { listUsers } from '../../domain/users/list-users.ts';
import { withRememberedApiKeys } from '../../domain/rps/authenticate-api-key.ts';
import { onLambda, servicesFromEnvironment } from '../../environment.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-users', contract, async ({ caller, query }, services) => ({
  body: await listUsers(services, caller, query),
}));
export const handler = onLambda(() => build(withRememberedApiKeys(servicesFromEnvironment())));
