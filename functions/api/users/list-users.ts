import { listUsersContract as contract } from '../../contract/users.ts';
import { listUsers } from '../../domain/users/list-users.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-users', contract, async ({ caller, query }, services) => {
  return { body: await listUsers(services, caller, query) };
});
