import { unsubscribeCustomerContract as contract } from '../../contract/customers.ts';
import { toIso } from '../../domain/time.ts';
import type { UnsubscribingServices } from '../../domain/leaving/unsubscribe-customer.ts';
import { endedSessionCookie } from '../../http/credentials.ts';
import { endpoint } from '../../http/endpoint.ts';

const BACKUPS = 'Backups keep the data for at most 35 days, logs for at most 30 days.';

export const build = endpoint<'unsubscribe-customer', typeof contract, UnsubscribingServices>(
  'unsubscribe-customer',
  contract,
  async ({ caller, body }, services) => {
    // Most processes never need this code, so a cold start does not load it.
    const { unsubscribeCustomer } = await import('../../domain/leaving/unsubscribe-customer.ts');
    const { status, requestedAt, effectiveAt } = await unsubscribeCustomer(services, caller, body);
    const times = { requestedAt: toIso(requestedAt), effectiveAt: toIso(effectiveAt) };
    return {
      active: {
        body: {
          status,
          ...times,
          detail: `Until ${times.effectiveAt}, everything works as before, and each privileged administrator can cancel the unsubscription. Then the service deletes everything that was registered for the customer. ${BACKUPS}`,
        },
      },
      unsubscribing: {
        body: {
          status,
          ...times,
          detail: `The customer can no longer use the service, and the service is deleting everything that was registered for the customer. When everything is deleted, the representative gets an e-mail. ${BACKUPS}`,
        },
        cookies: [endedSessionCookie(services)],
      },
    }[status];
  },
);
