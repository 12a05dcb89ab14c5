import { checkCaller } from '../../table/administrators.ts';
import { countOut } from '../../table/customers/registered-counts.ts';
import { transact } from '../../table/engine/transaction.ts';
import { readRpMau } from '../../table/metering/mau-counters.ts';
import { putRemovedRp, putShownRp, type RemovedRp } from '../../table/removed-rps.ts';
import { deleteRpSettings } from '../../table/rp-settings.ts';
import { deleteRp, freeRpId, type Rp } from '../../table/rps.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { AFTER_THE_REQUEST, type AnnouncingServices } from '../discarding.ts';
import { lastMonthOf } from '../metering/operation-times.ts';
import { customerNotActive, lostRights } from '../refusals.ts';
import { removedRpTtls } from '../retention.ts';
import type { CalendarServices } from '../services.ts';
import { requireRecentSignInWithPasskey } from '../sessions/recent-sign-in.ts';
import { getRp } from './get-rp.ts';

/**
 * Removes an RP of the caller's customer. One transaction moves the RP's item to the removed RPs, deletes its settings,
 * subtracts the RP and its users from the customer's counts, and frees the RP's domain name. Throws
 * `ReauthenticationRequiredError` when the caller has a passkey but did not sign in within the last 5 minutes, and
 * `RecoveryHoldError` during a recovery hold of the caller. Throws `NotFoundError` when the customer has no such RP,
 * and `UnauthenticatedError` when the caller has lost their rights or the customer is not active.
 *
 * The function also sends a queue message. The worker that receives this message discards the RP's API keys and users.
 * The function sends the message before the transaction, so the worker first checks whether the RP was removed. If the
 * process dies before the transaction, the message has no effect. If the process dies after the transaction, the
 * message is already in the queue.
 *
 * The transaction fails if the RP has changed since it was read. So no change is lost:
 *
 *     A reads the RP: no closed month       a closing run stores November's MAU in the RP
 *     A's transaction fails: the closed months differ
 *     A reads the RP again: November        the removed RP keeps November's MAU
 */
export async function removeRp(
  services: AnnouncingServices & CalendarServices,
  caller: AdministratorCaller,
  id: string,
): Promise<void> {
  const { table, clock, calendar, discard } = services;
  const { customerId } = caller.customer;
  requireRecentSignInWithPasskey(caller, clock.now());
  let rp = await getRp(services, caller, id);
  await discard([{ what: 'rp', customerId, id, removedBy: clock.now() + AFTER_THE_REQUEST }], AFTER_THE_REQUEST);
  for (;;) {
    const { rpId, name, registeredUsers, createdAt, closedMau } = rp;
    const removedAt = clock.now();
    const lastMonth = lastMonthOf(calendar, removedAt);
    const removed: RemovedRp = { customerId, id, rpId, name, createdAt, closedMau, removedAt, lastMonth };
    const ttls = removedRpTtls(calendar, lastMonth);
    const change = newChange(services, caller, customerId, {
      kind: 'rp-removed',
      subject: { id, name },
      rpRef: id,
      before: { id, rpId, name, registeredUsers },
      after: null,
    });
    const failures = await transact(table, {
      audit: change.write,
      rp: deleteRp(rp),
      settings: deleteRpSettings(rp),
      removed: putRemovedRp(removed, ttls.removed),
      shown: (await mayHaveActiveUsers(services, rp)) ? putShownRp(removed, ttls.shown) : undefined,
      rpId: freeRpId(rp),
      customer: countOut(customerId, { registeredRps: 1, registeredUsers }),
      caller: checkCaller(caller.administrator),
    });
    if (!failures) {
      change.log();
      return;
    }
    if (failures.caller) throw lostRights();
    if (failures.customer) throw customerNotActive();
    // The transaction failed because users were registered or removed after the RP was read, because the RP was renamed
    // or a month was closed, or because another request removed the RP. The loop reads the RP again.
    rp = await getRp(services, caller, id);
  }
}

/**
 * Returns whether the MAU view must list an RP after its removal. An RP without users, without a closed month and
 * without a counter had no active users. If the RP had one who was removed before the aggregator counted them, the
 * service lists the RP when it closes the month.
 */
async function mayHaveActiveUsers({ table, calendar, clock }: CalendarServices, rp: Rp): Promise<boolean> {
  if (rp.registeredUsers > 0 || Object.keys(rp.closedMau).length > 0) return true;
  const months = calendar.openMonths(clock.now());
  const counters = await Promise.all(months.map((month) => readRpMau(table, rp.customerId, month, rp.id)));
  return counters.some((counter) => counter !== undefined && counter.mau > 0);
}
