import type { NewUser } from '../../contract/users.ts';
import { countUsersIn } from '../../table/customers/registered-counts.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { countRpUsers } from '../../table/rps.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { putUser, readUsers } from '../../table/users.ts';
import type { RpCaller } from '../callers.ts';
import { customerNotActive, rpRemoved } from '../refusals.ts';
import { requireRoom } from '../licenses/license-room.ts';
import type { Services } from '../services.ts';

/**
 * Registers those of 1 to 50 distinct users that are not registered yet, all or none, in one transaction with the counts
 * of the RP and the customer. Gives for each, in order, what came of it. Throws `LicenseNotActiveError` or
 * `LicenseLimitReachedError`, and `UnauthenticatedError` when the RP was removed.
 *
 * When a condition is false, somebody else wrote since the reads: the same is tried with what stands there now. Each new
 * try is owed to another write that succeeded, so that this ends. If the process dies after the transaction, the same
 * request again answers `already-registered`.
 */
export async function registerUsers(
  { table, clock }: Services,
  { customerId, rpRef }: RpCaller,
  { users }: { users: readonly NewUser[] },
): Promise<{ userId: string; status: 'registered' | 'already-registered' }[]> {
  const now = clock.now();
  const userIds = users.map(({ userId }) => userId);
  let [present, customer] = await Promise.all([
    readUsers(table, rpRef, userIds, 'eventual'),
    readCustomer(table, customerId, 'strong'),
  ]);
  let isSure = false;
  for (;;) {
    const added = users.filter((_, index) => !present[index]);
    if (added.length === 0) break;
    if (!customer) throw customerNotActive();
    let max: number | null;
    try {
      max = requireRoom(customer, 'registered-users', added.length, now);
    } catch (refusal) {
      // What a replica has not seen yet must not be refused: some may be registered already.
      if (isSure) throw refusal;
      present = await readUsers(table, rpRef, userIds, 'strong');
      isSure = true;
      continue;
    }
    const failures = await transact(table, {
      rp: countRpUsers(customerId, rpRef, added.length),
      customer: countUsersIn(customer, added.length, max),
      ...Object.fromEntries(
        added.map(({ userId, displayName }): [`user ${string}`, Write] => [
          `user ${userId}`,
          putUser(customerId, rpRef, { userId, displayName: displayName ?? null, registeredAt: now }),
        ]),
      ),
    });
    if (!failures) break;
    if (failures.rp) throw rpRemoved();
    if (failures.customer) customer = failures.customer.item;
    present = await readUsers(table, rpRef, userIds, 'strong');
    isSure = true;
  }
  return users.map(({ userId }, index) => ({
    userId,
    status: present[index] ? 'already-registered' : 'registered',
  }));
}
