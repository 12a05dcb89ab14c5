import { getActivityContract as contract } from '../../contract/activity.ts';
import { listRefusals } from '../../domain/activity/list-refusals.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('get-activity', contract, async ({ caller, params }, services) => ({
  body: await listRefusals(services, caller, params.id),
}));
