import { getRpContract as contract } from '../../contract/rps.ts';
import type { VerifyingServices } from '../../domain/rps/domain-verification.ts';
import { getRpDetails } from '../../domain/rps/rp-details.ts';
import { endpoint } from '../../http/endpoint.ts';
import { rpAnswer } from '../../http/rp-answer.ts';

export const build = endpoint<'get-rp', typeof contract, VerifyingServices>(
  'get-rp',
  contract,
  async ({ caller, params }, services) => rpAnswer(await getRpDetails(services, caller, params.id)),
);
