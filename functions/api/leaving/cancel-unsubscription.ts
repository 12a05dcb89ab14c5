import { cancelUnsubscriptionContract as contract } from '../../contract/customers.ts';
import { cancelUnsubscription } from '../../domain/leaving/cancel-unsubscription.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('cancel-unsubscription', contract, async ({ caller }, services) => {
  await cancelUnsubscription(services, caller);
  return {};
});
