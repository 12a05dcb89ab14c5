import type { RpView } from '../../contract/rps.ts';
import { checkCaller } from '../../table/administrators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { renameRp as rename } from '../../table/rps.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { lostRights, noSuchRp } from '../refusals.ts';
import { getRp } from './get-rp.ts';
import { rpView } from './rp-view.ts';
import type { Services } from '../services.ts';

/**
 * Renames an RP of the caller's customer and returns the RP. Throws `NotFoundError` when the customer has no such RP,
 * and `UnauthenticatedError` when the caller has lost their rights.
 */
export async function renameRp(
  services: Services,
  caller: AdministratorCaller,
  id: string,
  { name }: { name: string },
): Promise<RpView> {
  const before = await getRp(services, caller, id);
  const failures = await transact(services.table, {
    rp: rename(before, name),
    caller: checkCaller(caller.administrator),
  });
  if (failures?.caller) throw lostRights();
  if (failures) throw noSuchRp();
  logChange(services.log, {
    actor: actorOf(caller),
    what: 'rp',
    customerId: caller.customer.customerId,
    before: { id, name: before.name },
    after: { id, name },
  });
  return rpView({ ...before, name });
}
