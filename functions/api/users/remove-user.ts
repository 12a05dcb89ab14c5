import { removeUserContract as contract } from '../../contract/users.ts';
import { removeUser } from '../../domain/users/remove-user.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('remove-user', contract, async ({ caller, params, version }, services) => {
  await removeUser(services, caller, params.userId, version);
  return {};
});
