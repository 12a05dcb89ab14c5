import { requestAuthenticationOptionsContract as contract } from '../../contract/ceremonies.ts';
import type { CeremonyServices } from '../../domain/fido2/ceremony-services.ts';
import { requestAuthenticationOptions } from '../../domain/fido2/request-authentication-options.ts';
import type { RefusalServices } from '../../domain/activity/refusal-limits.ts';
import type { ApiKeyServices } from '../../domain/rps/authenticate-api-key.ts';
import { endpoint } from '../../http/endpoint.ts';
import { recordRefusals } from '../../http/record-refusals.ts';

export const build = endpoint<
  'request-authentication-options',
  typeof contract,
  CeremonyServices & ApiKeyServices & RefusalServices
>(
  'request-authentication-options',
  contract,
  async ({ caller, body }, services) => ({ body: await requestAuthenticationOptions(services, caller, body) }),
  recordRefusals('authentication'),
);
