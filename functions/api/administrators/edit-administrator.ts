import { editAdministratorContract as contract } from '../../contract/administrators.ts';
import { editAdministrator } from '../../domain/administrators/edit-administrator.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('edit-administrator', contract, async ({ caller, params, body }, services) => ({
  body: await editAdministrator(services, caller, params.id, body),
}));
