import { listAdministratorsContract as contract } from '../../contract/administrators.ts';
import { listAdministrators } from '../../domain/administrators/list-administrators.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-administrators', contract, async ({ caller, query }, services) => ({
  body: await listAdministrators(services, caller, query),
}));
