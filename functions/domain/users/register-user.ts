import type { UserView } from '../../contract/users.ts';
import { countUsersIn } from '../../table/customers/registered-counts.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { countRpUsersIn } from '../../table/rps.ts';
import { transact } from '../../table/engine/transaction.ts';
import { readUserHandle, reserveUserHandle } from '../../table/users/user-handles.ts';
import { putUser, readUser, type User } from '../../table/users/users.ts';
import type { RpServer } from '../callers.ts';
import { customerNotActive, rpRemoved } from '../refusals.ts';
import { requireRoom } from '../licenses/license-room.ts';
import type { CalendarServices } from '../services.ts';
import { newUser, type NewUserProfile } from './new-user.ts';
import { nameWritesOf, userNameTaken } from './user-names.ts';
import { userHandleTaken, userIdTaken } from './user-taken.ts';
import { userView } from './user-view.ts';

/**
 * Registers a user with a given user handle and without a credential. Returns the user. Throws `AlreadyExistsError`
 * when the user ID, the handle or a unique name is taken, the errors of `requireRoom` when the license allows no new
 * user, and `UnauthenticatedError` when the RP was removed or the customer is not active.
 *
 * One transaction stores the user with the handle item, which keeps every other user from getting the handle, and
 * counts the user at the RP and the customer. After a failed transaction, the function reads everything again. Each
 * repetition needs another request that has succeeded. If the process dies, the user is either registered as a whole or
 * not at all.
 */
export async function registerUser(
  { table, clock, calendar }: CalendarServices,
  { customerId, rpRef, rp }: RpServer,
  profile: NewUserProfile & { readonly userHandle: string },
  isDisabled: boolean,
): Promise<UserView> {
  const { userId, userHandle } = profile;
  let { uniqueUserNames } = rp.settings;
  for (;;) {
    const [present, handle, customer] = await Promise.all([
      readUser(table, rpRef, userId, 'strong'),
      readUserHandle(table, rpRef, userHandle, 'strong'),
      readCustomer(table, customerId, 'strong'),
    ]);
    if (present) throw userIdTaken();
    if (handle?.userId !== undefined) throw userHandleTaken();
    if (!customer) throw customerNotActive();
    const now = clock.now();
    const maxima = requireRoom(customer, 'registered-users', 1, { now, calendar });
    const user: User = {
      ...newUser(profile, uniqueUserNames, now),
      hasHandleItem: true,
      ...(isDisabled && { disabled: true }),
    };
    const failures = await transact(table, {
      user: putUser(customerId, rpRef, user),
      handle: reserveUserHandle(rpRef, userHandle, handle, user),
      rp: countRpUsersIn(customerId, rpRef, 1, uniqueUserNames),
      customer: countUsersIn(customer, 1, maxima),
      ...nameWritesOf(rpRef, user),
    });
    if (!failures) return userView(user, undefined);
    if (failures.rp) {
      if (!failures.rp.item) throw rpRemoved();
      uniqueUserNames = failures.rp.item.uniqueUserNames === true;
    } else if (failures.name && !failures.user) {
      throw userNameTaken('#/userName');
    }
  }
}
