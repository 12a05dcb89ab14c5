import { getOperatorOverviewContract as contract } from '../../contract/operator-pages.ts';
import type { Services } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'get-operator-overview', typeof contract, Services>(
  'get-operator-overview',
  contract,
  async (_, services) => {
    // A process that signs operators in may never need this code, so a cold start does not load it.
    const { readOverviewOfSummary } = await import('../../domain/operator/summary/read-overview-of-summary.ts');
    return { body: await readOverviewOfSummary(services) };
  },
);
