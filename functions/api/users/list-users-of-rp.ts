import { listUsersOfRpContract as contract } from '../../contract/users.ts';
import { listUsers } from '../../domain/users/list-users.ts';
import { userManagerOf } from '../../domain/users/user-manager.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-users-of-rp', contract, async ({ caller, params, query }, services) => {
  const manager = await userManagerOf(services, caller, params.id);
  return { body: await listUsers(services, manager, query) };
});
