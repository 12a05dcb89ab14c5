import { requestRegistrationOptionsContract as contract } from '../../contract/ceremonies.ts';
import type { CeremonyServices } from '../../domain/fido2/ceremony-services.ts';
import { requestRegistrationOptions } from '../../domain/fido2/request-registration-options.ts';
import type { ApiKeyServices } from '../../domain/rps/authenticate-api-key.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'request-registration-options', typeof contract, CeremonyServices & ApiKeyServices>(
  'request-registration-options',
  contract,
  async ({ caller, body }, services) => ({ body: await requestRegistrationOptions(services, caller, body) }),
);
