import { fieldError } from '../../contract/errors/field-errors.ts';
import type { NewUser } from '../../contract/users.ts';
import { countUsersIn, type Maxima } from '../../table/customers/registered-counts.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import { countRpUsersIn, type Rp } from '../../table/rps.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import type { NamedUser } from '../../table/users/user-names.ts';
import { putUser, readUsers, type User } from '../../table/users/users.ts';
import type { RpCaller, RpServer } from '../callers.ts';
import { InvalidInputError } from '../errors.ts';
import { customerNotActive, rpRemoved } from '../refusals.ts';
import { requireRoom } from '../licenses/license-room.ts';
import type { CalendarServices } from '../services.ts';
import { newUser } from './new-user.ts';
import { comparableName, nameWritesOf, userNameTaken } from './user-names.ts';

/**
 * The maximum number of new users in a request to an RP that requires unique names. A transaction of DynamoDB has at
 * most 100 actions: two for each new user, and the two counts.
 */
const MAX_WITH_UNIQUE_NAMES = 49;

/**
 * Registers 1 to 50 distinct users, and skips users that are already registered. Returns the outcome of each user, in
 * the order of `users`. One transaction stores the new users and adds the number of new users to the counts of the RP
 * and the customer, so the service registers either all new users or no user. Throws `LicenseNotActiveError` or
 * `LicenseLimitReachedError` when the license does not allow the new users, and `UnauthenticatedError` when the RP was
 * removed or the customer is not active. If the RP requires unique names, the function also throws `InvalidInputError`
 * for more than 49 new users, and `AlreadyExistsError` when the ID of a new user is the name of another user.
 *
 * If, after the function has read the customer and the users, another request changes the customer, changes whether the
 * RP requires unique names, or registers one of the users, the transaction fails. The function then repeats the
 * transaction with the changed items. Each repetition needs another request that has succeeded, so the repetitions end
 * once no other request is running. If the process dies after the transaction and the RP sends the request again, the
 * new response says `already-registered` for each user.
 */
export async function registerUsers(
  { table, clock, calendar }: CalendarServices,
  { customerId, rpRef, rp }: RpCaller & Partial<Pick<RpServer, 'rp'>>,
  { users }: { users: readonly NewUser[] },
): Promise<{ userId: string; status: 'registered' | 'already-registered' }[]> {
  const now = clock.now();
  const userIds = users.map(({ userId }) => userId);
  let uniqueUserNames = rp?.settings.uniqueUserNames ?? false;
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
      if (uniqueUserNames) requireUniqueNames(userIds, added);
      maxima = requireRoom(customer, 'registered-users', added.length, { now, calendar });
    } catch (refusal) {
      // The eventually consistent reads may have missed users that are already registered. Before the function refuses
      // the request, the function reads the users again, with strongly consistent reads.
      if (isSure) throw refusal;
      present = await readUsers(table, rpRef, userIds, 'strong');
      isSure = true;
      continue;
    }
    const writes: Registration = {
      rp: countRpUsersIn(customerId, rpRef, added.length, uniqueUserNames),
      customer: countUsersIn(customer, added.length, maxima),
      ...userWrites(
        customerId,
        rpRef,
        added.map((user) => newUser(user, uniqueUserNames, now)),
      ),
    };
    const failures = await transact(table, writes);
    if (!failures) break;
    if (failures.rp && !failures.rp.item) throw rpRemoved();
    if (failures.rp?.item) uniqueUserNames = failures.rp.item.uniqueUserNames === true;
    if (failures.customer) customer = failures.customer.item;
    const taken = added.filter(({ userId }) => {
      const holder = failures[`name ${userId}`]?.item;
      return holder !== undefined && holder.userId !== userId;
    });
    if (taken.length > 0) throw userNameTaken(...taken.map(({ userId }) => pointerTo(userIds, userId)));
    present = await readUsers(table, rpRef, userIds, 'strong');
    isSure = true;
  }
  return users.map(({ userId }, index) => ({
    userId,
    status: present[index] ? 'already-registered' : 'registered',
  }));
}

/** The writes that store new users, and the writes that store the names of those who need one (see `nameWritesOf`). */
type UserWrites = Readonly<
  Record<`user ${string}`, Write<User>> & Record<`name ${string}`, Write<NamedUser> | undefined>
>;
type Registration = UserWrites & { readonly rp: Write<Rp>; readonly customer: Write<Customer> };

function userWrites(customerId: string, rpRef: string, users: readonly User[]): UserWrites {
  return Object.fromEntries(
    users.flatMap((user) => [
      [`user ${user.userId}`, putUser(customerId, rpRef, user)],
      [`name ${user.userId}`, nameWritesOf(rpRef, user).name],
    ]),
  ) as UserWrites;
}

/**
 * Checks the new users of an RP that requires unique names: they fit into one transaction, and no two of their IDs,
 * which become their names, compare as equal. Throws `InvalidInputError` and `AlreadyExistsError`.
 */
function requireUniqueNames(userIds: readonly string[], added: readonly NewUser[]): void {
  if (added.length > MAX_WITH_UNIQUE_NAMES) {
    throw new InvalidInputError([fieldError('#/users', 'too-many', { max: MAX_WITH_UNIQUE_NAMES })]);
  }
  const names = added.map(({ userId }) => comparableName(userId));
  const repeated = added.filter((_, index) => names.indexOf(names[index] ?? '') < index);
  if (repeated.length > 0) throw userNameTaken(...repeated.map(({ userId }) => pointerTo(userIds, userId)));
}

/** Returns the pointer to the ID of a user in the request. */
const pointerTo = (userIds: readonly string[], userId: string) => `#/users/${userIds.indexOf(userId)}/userId`;
