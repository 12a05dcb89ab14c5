import { verifyRpContract as contract } from '../../contract/rps.ts';
import type { DnsServices } from '../../domain/rps/domain-verification.ts';
import { endpoint } from '../../http/endpoint.ts';
import { rpAnswer } from '../../http/rp-answer.ts';

export const build = endpoint<'verify-rp', typeof contract, DnsServices>(
  'verify-rp',
  contract,
  async ({ caller, params }, services) => {
    // Most processes never need this code, so a cold start does not load it.
    const { verifyRp } = await import('../../domain/rps/verify-rp.ts');
    return rpAnswer(await verifyRp(services, caller, params.id));
  },
);
