import { listPlans as contract } from '../contract/service.ts';
import { listAnswer } from '../domain/pages.ts';
import { onLambda, servicesFromEnvironment } from '../environment.ts';
import { endpoint } from '../http/endpoint.ts';

export const build = endpoint('list-plans', contract, (_, { plans }) => ({
  body: listAnswer(Object.values(plans), undefined),
}));
export const handler = onLambda(() => build(servicesFromEnvironment()));
