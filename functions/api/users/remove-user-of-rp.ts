import { removeUserOfRpContract as contract } from '../../contract/users.ts';
import { removeUser } from '../../domain/users/remove-user.ts';
import { userManagerOf } from '../../domain/users/user-manager.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('remove-user-of-rp', contract, async ({ caller, params, version }, services) => {
  const manager = await userManagerOf(services, caller, params.id);
  await removeUser(services, manager, params.userId, version);
  return {};
});
