import { registerCredentialContract as contract } from '../../contract/ceremonies.ts';
import type { CeremonyServices } from '../../domain/fido2/ceremony-services.ts';
import type { RefusalServices } from '../../domain/activity/refusal-limits.ts';
import type { ApiKeyServices } from '../../domain/rps/authenticate-api-key.ts';
import { endpoint } from '../../http/endpoint.ts';
import { recordRefusals } from '../../http/record-refusals.ts';

export const build = endpoint<
  'register-credential',
  typeof contract,
  CeremonyServices & ApiKeyServices & RefusalServices
>(
  'register-credential',
  contract,
  async ({ caller, body, ...request }, services) => {
    // The function `ceremonies` loads the code of registrations only here, because most requests are authentications.
    const { registerCredential } = await import('../../domain/fido2/register-credential.ts');
    return { body: await registerCredential(services, caller, body, request), ...(body.dryRun && { status: 200 }) };
  },
  recordRefusals('registration'),
);
