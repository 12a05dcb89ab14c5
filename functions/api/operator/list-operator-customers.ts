import { listOperatorCustomersContract as contract } from '../../contract/operator-pages.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'list-operator-customers', typeof contract, CalendarServices>(
  'list-operator-customers',
  contract,
  async ({ query }, services) => {
    // A process that signs operators in may never need this code, so a cold start does not load it.
    const { listSummarizedCustomers } = await import('../../domain/operator/summary/list-summarized-customers.ts');
    return { body: await listSummarizedCustomers(services, query) };
  },
);
