import { editRpContract as contract } from '../../contract/rps.ts';
import type { VerifyingServices } from '../../domain/rps/domain-verification.ts';
import { endpoint } from '../../http/endpoint.ts';
import { rpAnswer } from '../../http/rp-answer.ts';

export const build = endpoint<'edit-rp', typeof contract, VerifyingServices>(
  'edit-rp',
  contract,
  async ({ caller, params, body, version }, services) => {
    // Most processes never need this code, so a cold start does not load it.
    const { editRp } = await import('../../domain/rps/edit-rp.ts');
    return rpAnswer(await editRp(services, caller, params.id, body, version));
  },
);
