import { cancelUnsubscriptionContract as contract } from '../../contract/customers.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('cancel-unsubscription', contract, async ({ caller }, services) => {
  // Most processes never need this code, so a cold start does not load it.
  const { cancelUnsubscription } = await import('../../domain/leaving/cancel-unsubscription.ts');
  await cancelUnsubscription(services, caller);
  return {};
});
