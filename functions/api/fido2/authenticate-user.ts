import { authenticateUserContract as contract } from '../../contract/ceremonies.ts';
import { authenticateUser } from '../../domain/fido2/authenticate-user.ts';
import type { CeremonyServices } from '../../domain/fido2/ceremony-services.ts';
import type { RefusalServices } from '../../domain/activity/refusal-limits.ts';
import type { ApiKeyServices } from '../../domain/rps/authenticate-api-key.ts';
import { endpoint } from '../../http/endpoint.ts';
import { recordRefusals } from '../../http/record-refusals.ts';

export const build = endpoint<
  'authenticate-user',
  typeof contract,
  CeremonyServices & ApiKeyServices & RefusalServices
>(
  'authenticate-user',
  contract,
  async ({ caller, body, ...request }, services) => ({ body: await authenticateUser(services, caller, body, request) }),
  recordRefusals('authentication'),
);
