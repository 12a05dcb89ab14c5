import { registerRpContract as contract } from '../../contract/rps.ts';
import { registerRp } from '../../domain/rps/register-rp.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'register-rp', typeof contract, CalendarServices>(
  'register-rp',
  contract,
  async ({ caller, body }, services) => ({ body: await registerRp(services, caller, body) }),
);
