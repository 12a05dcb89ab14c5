import { addAdministratorContract as contract } from '../../contract/administrators.ts';
import { addAdministrator } from '../../domain/administrators/add-administrator.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('add-administrator', contract, async ({ caller, body }, services) => ({
  body: await addAdministrator(services, caller, body),
}));
