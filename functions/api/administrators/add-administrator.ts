import { addAdministratorContract as contract } from '../../contract/administrators.ts';
import { addAdministrator } from '../../domain/administrators/add-administrator.ts';
import { onLambda, servicesFromEnvironment } from '../../environment.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('add-administrator', contract, async ({ caller, body }, services) => ({
  body: await addAdministrator(services, caller, body),
}));
export const handler = onLambda(() => build(servicesFromEnvironment()));
