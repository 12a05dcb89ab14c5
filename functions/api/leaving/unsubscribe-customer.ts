import { unsubscribeCustomerContract as contract } from '../../contract/customers.ts';
import { toIso } from '../../domain/time.ts';
import { unsubscribeCustomer, type UnsubscribingServices } from '../../domain/leaving/unsubscribe-customer.ts';
import { endedSessionCookie } from '../../http/credentials.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'unsubscribe-customer', typeof contract, UnsubscribingServices>(
  'unsubscribe-customer',
  contract,
  async ({ caller, body }, services) => {
    const { unsubscribedAt } = await unsubscribeCustomer(services, caller, body);
    return {
      body: {
        status: 'unsubscribing',
        unsubscribedAt: toIso(unsubscribedAt),
        detail:
          'The customer can no longer use the service, and the service is deleting everything that was registered for the customer. When everything is deleted, the representative gets an e-mail. Backups keep the data for at most 35 days, logs for at most 30 days.',
      },
      cookies: [endedSessionCookie(services)],
    };
  },
);
