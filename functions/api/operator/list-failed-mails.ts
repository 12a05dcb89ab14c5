import { listFailedMailsContract as contract } from '../../contract/operator-pages.ts';
import type { Services } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'list-failed-mails', typeof contract, Services>(
  'list-failed-mails',
  contract,
  async ({ query }, services) => {
    // A process that signs operators in may never need this code, so a cold start does not load it.
    const { listFailedMailsOfSummary } = await import('../../domain/operator/summary/list-failed-mails-of-summary.ts');
    return { body: await listFailedMailsOfSummary(services, query) };
  },
);
