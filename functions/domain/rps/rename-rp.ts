import type { RpView } from '../../contract/rps.ts';
import { renameRp as rename } from '../../table/rps.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { noSuchRp } from '../refusals.ts';
import { getRp } from './get-rp.ts';
import { rpView } from './rp-view.ts';
import type { Services } from '../services.ts';

/** Renames an RP. Throws `NotFoundError`. */
export async function renameRp(
  services: Services,
  caller: AdministratorCaller,
  id: string,
  { name }: { name: string },
): Promise<RpView> {
  const before = await getRp(services, caller, id);
  const renamed = await rename(services.table, caller.customer.customerId, id, name);
  if (!renamed) throw noSuchRp();
  logChange(services.log, {
    actor: actorOf(caller),
    what: 'rp',
    customerId: caller.customer.customerId,
    before: { id, name: before.name },
    after: { id, name },
  });
  return rpView(renamed);
}
