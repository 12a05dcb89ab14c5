import { removeRpContract as contract } from '../../contract/rps.ts';
import type { AnnouncingServices } from '../../domain/discarding.ts';
import { removeRp } from '../../domain/rps/remove-rp.ts';
import { onLambda, servicesFromEnvironment, setting } from '../../environment.ts';
import { endpoint } from '../../http/endpoint.ts';
import { openDiscardingQueue } from '../../aws/discarding-queue.ts';

export const build = endpoint<'remove-rp', typeof contract, AnnouncingServices>(
  'remove-rp',
  contract,
  async ({ caller, params }, services) => {
    await removeRp(services, caller, params.id);
    return {};
  },
);
export const handler = onLambda(() =>
  build({ ...servicesFromEnvironment(), discard: openDiscardingQueue(setting('DISCARDING_QUEUE_URL')) }),
);
