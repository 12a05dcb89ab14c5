import { removeUserOfRpContract as contract } from '../../contract/users.ts';
import { userManagerOf } from '../../domain/users/user-manager.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('remove-user-of-rp', contract, async ({ caller, params, version }, services) => {
  // Most processes never need this code, so a cold start does not load it.
  const { removeUser } = await import('../../domain/users/remove-user.ts');
  const manager = await userManagerOf(services, caller, params.id);
  await removeUser(services, manager, params.userId, version);
  return {};
});
