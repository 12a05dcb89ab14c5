import { requestRegistrationOptionsContract as contract } from '../../contract/ceremonies.ts';
import type { CeremonyServices } from '../../domain/fido2/ceremony-services.ts';
import type { RefusalServices } from '../../domain/activity/refusal-limits.ts';
import type { ApiKeyServices } from '../../domain/rps/authenticate-api-key.ts';
import { endpoint } from '../../http/endpoint.ts';
import { recordRefusals } from '../../http/record-refusals.ts';

export const build = endpoint<
  'request-registration-options',
  typeof contract,
  CeremonyServices & ApiKeyServices & RefusalServices
>(
  'request-registration-options',
  contract,
  async ({ caller, body }, services) => {
    // The function `ceremonies` loads the code of registrations only here, because most requests are authentications.
    const { requestRegistrationOptions } = await import('../../domain/fido2/request-registration-options.ts');
    return { body: await requestRegistrationOptions(services, caller, body) };
  },
  recordRefusals('registration'),
);
