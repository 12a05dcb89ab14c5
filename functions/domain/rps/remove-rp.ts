import { checkCaller } from '../../table/administrators.ts';
import { countOut } from '../../table/customers/registered-counts.ts';
import { freeRpId, markRpRemoved } from '../../table/rps.ts';
import { transact } from '../../table/engine/transaction.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { AFTER_THE_REQUEST, type AnnouncingServices } from '../discarding.ts';
import { customerNotActive, lostRights } from '../refusals.ts';
import { getRp } from './get-rp.ts';

/**
 * Removes an RP in one transaction: it is marked removed, its users and itself leave the counts, its domain name is free
 * again. Its API keys and users are discarded by queue. The queue is told first: whoever takes the message looks whether
 * the RP was removed. So, if the process dies before the transaction, the message comes to nothing, and after it,
 * the message is there already. Throws `NotFoundError`.
 */
export async function removeRp(services: AnnouncingServices, caller: AdministratorCaller, id: string): Promise<void> {
  const { table, clock, log, discard } = services;
  const { customerId } = caller.customer;
  let rp = await getRp(services, caller, id);
  await discard([{ what: 'rp', customerId, id }], AFTER_THE_REQUEST);
  for (;;) {
    const failures = await transact(table, {
      rp: markRpRemoved(rp, clock.now()),
      rpId: freeRpId(rp),
      customer: countOut(customerId, { registeredRps: 1, registeredUsers: rp.registeredUsers }),
      caller: checkCaller(caller.administrator),
    });
    if (!failures) break;
    if (failures.caller) throw lostRights();
    if (failures.customer) throw customerNotActive();
    // Users were registered or removed since the RP was read, or another request removed it.
    rp = await getRp(services, caller, id);
  }
  const { rpId, name, registeredUsers } = rp;
  logChange(log, {
    actor: actorOf(caller),
    what: 'rp',
    customerId,
    before: { id, rpId, name, registeredUsers },
    after: null,
  });
}
