import { getOwnRpContract as contract } from '../../contract/own-rp.ts';
import type { ApiKeyServices } from '../../domain/rps/authenticate-api-key.ts';
import type { VerifyingServices } from '../../domain/rps/domain-verification.ts';
import { getOwnRp } from '../../domain/rps/get-own-rp.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'get-own-rp', typeof contract, ApiKeyServices & VerifyingServices>(
  'get-own-rp',
  contract,
  ({ caller }, services) => ({ body: getOwnRp(services, caller) }),
);
