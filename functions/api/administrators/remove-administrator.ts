import { removeAdministratorContract as contract } from '../../contract/administrators.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('remove-administrator', contract, async ({ caller, params }, services) => {
  // Most processes never need this code, so a cold start does not load it.
  const { removeAdministrator } = await import('../../domain/administrators/remove-administrator.ts');
  await removeAdministrator(services, caller, params.id);
  return {};
});
