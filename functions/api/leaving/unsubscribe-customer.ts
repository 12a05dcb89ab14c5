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
          'Nothing of the customer is served any more, and everything registered is being discarded; an e-mail says when it is done. Backups keep it for at most 35 days, logs for 30.',
      },
      cookies: [endedSessionCookie],
    };
  },
);
