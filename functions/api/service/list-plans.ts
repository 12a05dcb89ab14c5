import { listPlansContract as contract } from '../../contract/service.ts';
import { listAnswer } from '../../domain/pages.ts';
import type { PlanServices } from '../../domain/licenses/plans.ts';
import type { Services } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'list-plans', typeof contract, Services & PlanServices & { contact: string }>(
  'list-plans',
  contract,
  (_, { plans, contact }) => ({ body: { ...listAnswer(Object.values(plans), undefined), contact } }),
);
