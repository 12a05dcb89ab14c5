import { registerUsersContract as contract } from '../../contract/users.ts';
import { registerUsers } from '../../domain/users/register-users.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('register-users', contract, async ({ caller, body }, services) => ({
  body: { results: await registerUsers(services, caller, body) },
}));
