import { registerUsersContract as contract } from '../../contract/users.ts';
import type { ApiKeyServices } from '../../domain/rps/authenticate-api-key.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { registerUsers } from '../../domain/users/register-users.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'register-users', typeof contract, CalendarServices & ApiKeyServices>(
  'register-users',
  contract,
  async ({ caller, body }, services) => ({ body: { results: await registerUsers(services, caller, body) } }),
);
