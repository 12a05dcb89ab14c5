import { getOperatorCustomerContract as contract } from '../../contract/operator-pages.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'get-operator-customer', typeof contract, CalendarServices>(
  'get-operator-customer',
  contract,
  async ({ params }, services) => {
    // A process that signs operators in may never need this code, so a cold start does not load it.
    const { showCustomerPage } = await import('../../domain/operator/show-customer-page.ts');
    return { body: await showCustomerPage(services, params.id) };
  },
);
