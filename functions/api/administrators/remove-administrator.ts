import { removeAdministratorContract as contract } from '../../contract/administrators.ts';
import { removeAdministrator } from '../../domain/administrators/remove-administrator.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('remove-administrator', contract, async ({ caller, params }, services) => {
  await removeAdministrator(services, caller, params.id);
  return {};
});
