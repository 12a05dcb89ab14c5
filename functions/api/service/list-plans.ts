import { listPlans as contract } from '../../contract/service.ts';
import { listAnswer } from '../../domain/pages.ts';
import type { Services } from '../../domain/services.ts';
import { onLambda, servicesFromEnvironment, setting } from '../../environment.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'list-plans', typeof contract, Services & { contact: string }>(
  'list-plans',
  contract,
  (_, { plans, contact }) => ({ body: { ...listAnswer(Object.values(plans), undefined), contact } }),
);
export const handler = onLambda(() => build({ ...servicesFromEnvironment(), contact: setting('CONTACT') }));
