import { registerUsersContract as contract } from '../../contract/users.ts';
import { registerUsers } from '../../domain/users/register-users.ts';
import { withRememberedApiKeys } from '../../domain/rps/authenticate-api-key.ts';
import { onLambda, servicesFromEnvironment } from '../../environment.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('register-users', contract, async ({ caller, body }, services) => ({
  body: { results: await registerUsers(services, caller, body) },
}));
export const handler = onLambda(() => build(withRememberedApiKeys(servicesFromEnvironment())));
