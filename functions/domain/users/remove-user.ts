import { countOut } from '../../table/customers/registered-counts.ts';
import { countRpUsers } from '../../table/rps.ts';
import { transact } from '../../table/engine/transaction.ts';
import { deleteUser, readUser } from '../../table/users/users.ts';
import type { RpCaller } from '../callers.ts';
import { noSuchUser, rpRemoved } from '../refusals.ts';
import type { Services } from '../services.ts';

/**
 * Removes a user of the caller's RP. One transaction deletes the user and lowers the RP's and the customer's counts of
 * registered users. The MAU of every month in which the user was active still includes the user. Throws `NotFoundError`
 * when the RP has no such user, and `UnauthenticatedError` when the RP was removed or the customer is not active.
 *
 * The function reads the user first. Otherwise, a request to remove an unknown user would cost a failed transaction:
 * write units for three items, and conflicts with the registrations of the customer.
 */
export async function removeUser({ table }: Services, { customerId, rpRef }: RpCaller, userId: string): Promise<void> {
  const user = (await readUser(table, rpRef, userId, 'eventual')) ?? (await readUser(table, rpRef, userId, 'strong'));
  if (!user) throw noSuchUser();
  const failures = await transact(table, {
    user: deleteUser(rpRef, user),
    rp: countRpUsers(customerId, rpRef, -1),
    customer: countOut(customerId, { registeredUsers: 1 }),
  });
  if (failures?.rp || failures?.customer) throw rpRemoved();
  if (failures) throw noSuchUser();
}
