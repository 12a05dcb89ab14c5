import type { NewUser } from '../../contract/users.ts';
import { countUsersIn, type Maxima } from '../../table/customers/registered-counts.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { countRpUsers } from '../../table/rps.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { putUser, readUsers } from '../../table/users/users.ts';
import type { RpCaller } from '../callers.ts';
import { customerNotActive, rpRemoved } from '../refusals.ts';
import { requireRoom } from '../licenses/license-room.ts';
import type { CalendarServices } from '../services.ts';

/**
 * Registers 1 to 50 distinct users, and skips users that are already registered. Returns the outcome of each user, in
 * the order of `users`. One transaction stores the new users and adds the number of new users to the counts of the RP
 * and the customer, so the service registers either all new users or no user. Throws `LicenseNotActiveError` or
 * `LicenseLimitReachedError` when the license does not allow the new users, and `UnauthenticatedError` when the RP was
 * removed or the customer is not active.
 *
 * If, after the function has read the customer and the users, another request changes the customer or registers one of
 * the users, the transaction fails. The function then repeats the transaction with the changed items. Each repetition
 * needs another request that has succeeded, so the repetitions end once no other request is running. If the process
 * dies after the transaction and the RP sends the request again, the new response says `already-registered` for each
 * user.
 */
export async function registerUsers(
  { table, clock, calendar }: CalendarServices,
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
    let maxima: Maxima;
    try {
      maxima = requireRoom(customer, 'registered-users', added.length, { now, calendar });
    } catch (refusal) {
      // The eventually consistent reads may have missed users that are already registered. Before the function refuses
      // the request, the function reads the users again, with strongly consistent reads.
      if (isSure) throw refusal;
      present = await readUsers(table, rpRef, userIds, 'strong');
      isSure = true;
      continue;
    }
    const failures = await transact(table, {
      rp: countRpUsers(customerId, rpRef, added.length),
      customer: countUsersIn(customer, added.length, maxima),
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
