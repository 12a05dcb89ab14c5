import { checkCaller } from '../../table/administrators.ts';
import { countOut } from '../../table/customers/registered-counts.ts';
import { freeRpId, markRpRemoved } from '../../table/rps.ts';
import { transact } from '../../table/engine/transaction.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { AFTER_THE_REQUEST, type AnnouncingServices } from '../discarding.ts';
import { customerNotActive, lostRights } from '../refusals.ts';
import { requireRecentSignInWithPasskey } from '../signing-in/recent-sign-in.ts';
import { getRp } from './get-rp.ts';

/**
 * Removes an RP of the caller's customer. One transaction marks the RP as removed, subtracts the RP and its users from
 * the customer's counts, and frees the RP's domain name. Throws `ReauthenticationRequiredError` when the caller has a
 * passkey but did not sign in within the last 5 minutes, and `RecoveryHoldError` during a recovery hold of the caller.
 * Throws `NotFoundError` when the customer has no such RP, and `UnauthenticatedError` when the caller has lost their
 * rights or the customer is not active.
 *
 * The function also sends a queue message. The worker that receives this message discards the RP's API keys and users.
 * The function sends the message before the transaction, so the worker first checks whether the RP was removed. If the
 * process dies before the transaction, the message has no effect. If the process dies after the transaction, the
 * message is already in the queue.
 */
export async function removeRp(services: AnnouncingServices, caller: AdministratorCaller, id: string): Promise<void> {
  const { table, clock, log, discard } = services;
  const { customerId } = caller.customer;
  requireRecentSignInWithPasskey(caller, clock.now());
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
    // The transaction failed because users were registered or removed after the RP was read, or because another request
    // removed the RP. The loop reads the RP again.
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
