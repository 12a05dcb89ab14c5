import { fieldError } from '../../contract/errors/field-errors.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { deleteUserName, putUserName, takeUserName, type NamedUser } from '../../table/users/user-names.ts';
import type { User } from '../../table/users/users.ts';
import { AlreadyExistsError } from '../errors.ts';

/** Returns the name that browsers show for a user. */
export const userNameOf = ({ userName, userId }: Pick<User, 'userName' | 'userId'>): string => userName ?? userId;

/** Returns the form in which user names are compared: NFKC, a normal form of Unicode, in lower case. */
export const comparableName = (name: string): string => name.normalize('NFKC').toLowerCase();

/** The attributes of a user that decide which item leads from the name to the user. */
type Named = Pick<User, 'userId' | 'userName' | 'hasTakenName'>;

/**
 * Returns the name attributes of a user who gets the name `userName`, or the user ID if `userName` is undefined.
 * `uniqueUserNames` says whether the RP requires unique names.
 */
export const namedUser = (userId: string, userName: string | undefined, uniqueUserNames: boolean): Named => ({
  userId,
  ...(userName !== undefined && userName !== userId && { userName }),
  ...(uniqueUserNames && { hasTakenName: true }),
});

/**
 * Returns the write that lets the service find a user by name, or that reserves the name if the user has a reserved
 * one. The write belongs in the transaction that stores the user, together with `countRpUsersIn` or `checkRpNaming`,
 * and fails when another user has the reserved name. Returns no write for a user whose name is the user ID and not
 * reserved: the service finds this user by the ID.
 */
export function nameWritesOf(rpRef: string, user: Named): { readonly name: Write<NamedUser> | undefined } {
  const name = comparableName(userNameOf(user));
  if (user.hasTakenName) return { name: takeUserName(rpRef, name, user.userId) };
  return { name: user.userName === undefined ? undefined : putUserName(rpRef, name, user.userId) };
}

/**
 * Returns the write that removes what `nameWritesOf` stored. The write belongs in the transaction that removes or
 * renames the user, on the condition that the user is unchanged.
 */
export function nameRemovalsOf(rpRef: string, user: Named): { readonly oldName: Write<NamedUser> | undefined } {
  const { userId, userName, hasTakenName = false } = user;
  if (!hasTakenName && userName === undefined) return { oldName: undefined };
  return { oldName: deleteUserName(rpRef, comparableName(userNameOf(user)), userId, hasTakenName) };
}

/** Returns whether the same item leads to both users, so that a change from one to the other writes no name item. */
export function haveSameNameItem(a: Named, b: Named): boolean {
  const hasItem = (user: Named) => user.hasTakenName === true || user.userName !== undefined;
  if (!hasItem(a) && !hasItem(b)) return true;
  return (
    hasItem(a) === hasItem(b) &&
    a.hasTakenName === b.hasTakenName &&
    comparableName(userNameOf(a)) === comparableName(userNameOf(b))
  );
}

/** Returns the error for names that other users of the RP have. `pointers` names the fields with these names. */
export const userNameTaken = (...pointers: readonly string[]) =>
  new AlreadyExistsError(
    'Another user of the RP has this name, and the RP requires unique user names.',
    ...pointers.map((pointer) => fieldError(pointer, 'user-name-taken')),
  );
