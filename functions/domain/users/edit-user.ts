import type { UserEditBody, UserView } from '../../contract/users.ts';
import { checkRpNaming } from '../../table/rps.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { setUserDisabled, type HandleContent } from '../../table/users/credentials.ts';
import { setHandleDisabled, type UserHandle } from '../../table/users/user-handles.ts';
import { editUser as edition, readUser, versionOf, type User } from '../../table/users/users.ts';
import type { UserManager } from '../callers.ts';
import { lostRights, noSuchUser, staleVersion } from '../refusals.ts';
import type { Services } from '../services.ts';
import { readHandleOf } from './get-user.ts';
import { readSettledContent } from './settled-content.ts';
import { changeBy, checkManager, rpOfManagerRemoved } from './user-manager.ts';
import { haveSameNameItem, namedUser, nameRemovalsOf, nameWritesOf, userNameOf, userNameTaken } from './user-names.ts';
import { userView } from './user-view.ts';

/**
 * Changes the name, the display name or the attributes of a user, or disables or enables the user. Returns the user. An
 * edit that changes nothing leaves the version as it is. If `version` is given, the user must have this version. Throws
 * `NotFoundError` when the RP has no such user, `VersionConflictError` when the user has another version,
 * `AlreadyExistsError` when the RP requires unique names and another user has the name, and `UnauthenticatedError` when
 * the RP was removed or the caller has lost their rights.
 *
 * One transaction writes the user, the items that lead from the name to the user, and, if the user is disabled or
 * enabled, the handle item and each credential. So disabling takes effect exactly, although a sign-in reads the
 * credential with eventual consistency: the write that accepts the sign-in fails as soon as the credential says that
 * its user is disabled. A registration at the same time is either before the edit or refused:
 *
 *     D reads the credentials: {A}          a registration adds B
 *     D's transaction fails: the version of the set differs
 *     D reads the credentials: {A, B}
 *     D disables the user, A and B          a registration of C fails: the handle item says that the user is disabled
 *
 * A user without a handle item has no credential yet. The first registration writes the user's item, and fails if the
 * user is disabled; the edit fails if the user has got a handle item.
 *
 * After a failed transaction, the function reads everything again. Each repetition needs another request that has
 * succeeded. If the process dies, the edit is either done as a whole or not at all.
 */
export async function editUser(
  { table, clock, log }: Services,
  manager: UserManager,
  userId: string,
  body: UserEditBody,
  version?: number,
): Promise<UserView> {
  const { customerId, rpRef } = manager;
  // A user with a reserved name was registered, or renamed, while the RP required unique names. A user without one was
  // not, and nobody can switch the setting on while the RP has users. The transaction checks the RP.
  let uniqueUserNames: boolean | undefined;
  for (;;) {
    const user = await readUser(table, rpRef, userId, 'strong');
    if (!user) throw noSuchUser();
    if (version !== undefined && versionOf(user) !== version) throw staleVersion('user');
    uniqueUserNames ??= user.hasTakenName === true;
    const edited = { ...editedUser(user, body, uniqueUserNames), updatedAt: laterThan(user, clock.now()) };
    const fields = FIELDS.filter((field) => edited[field] !== user[field]);
    if (fields.length === 0) return userView(user, await readHandleOf(table, rpRef, user));
    const content = fields.includes('disabled') ? await readSettledContent(table, rpRef, user) : undefined;
    const changesNameItem = !haveSameNameItem(user, edited);
    const change = changeBy(manager, { log }, 'user', {
      kind: 'user-edited',
      subject: { id: userId },
      before: { rpRef },
      after: { rpRef, changed: fields, ...(content && { disabled: edited.disabled ?? false }) },
    });
    const failures = await transact(table, {
      audit: change.write,
      user: edition(rpRef, user, edited),
      rp: changesNameItem ? checkRpNaming(customerId, rpRef, uniqueUserNames) : undefined,
      ...(changesNameItem && { ...nameRemovalsOf(rpRef, user), ...nameWritesOf(rpRef, edited) }),
      ...(content && disablings(rpRef, user.userHandle, content, body.disabled === true)),
      caller: checkManager(manager),
    });
    if (!failures) {
      change.log();
      const handle = content ? content.handle : await readHandleOf(table, rpRef, user);
      return userView({ ...edited, version: versionOf(user) + 1 }, handle);
    }
    if (failures.caller) throw lostRights();
    if (failures.rp) {
      if (!failures.rp.item) throw rpOfManagerRemoved(manager);
      uniqueUserNames = failures.rp.item.uniqueUserNames === true;
    } else if (failures.name && !failures.user) {
      throw userNameTaken('#/userName');
    }
  }
}

/**
 * Returns the time of an edit at `now`, which is later than that of any earlier edit, even if the clock has not moved
 * or that of another process was ahead.
 */
const laterThan = ({ updatedAt, registeredAt }: User, now: number): number =>
  Math.max(now, (updatedAt ?? registeredAt) + 1);

/** The fields that an edit may change. */
const FIELDS = ['userName', 'displayName', 'attributes', 'disabled'] as const;

/** Returns a user with the values of an edit. `uniqueUserNames` says whether the RP requires unique names. */
function editedUser(user: User, body: UserEditBody, uniqueUserNames: boolean): User {
  const { userName, hasTakenName, ...rest } = user;
  const { displayName, attributes, disabled } = body;
  const isRenamed = body.userName !== undefined && body.userName !== userNameOf(user);
  return {
    ...rest,
    ...(isRenamed ? namedUser(user.userId, body.userName, uniqueUserNames) : { userName, hasTakenName }),
    ...(displayName !== undefined && { displayName }),
    ...(attributes !== undefined && { attributes: attributes === null ? undefined : JSON.stringify(attributes) }),
    ...(disabled !== undefined && { disabled: disabled || undefined }),
  };
}

/** Returns the writes that tell the handle item and each credential whether the user is disabled: at most 21. */
function disablings(
  rpRef: string,
  userHandle: string | undefined,
  { handle, credentials }: HandleContent,
  isDisabled: boolean,
): { readonly handle?: Write<UserHandle> | undefined } {
  if (userHandle === undefined || !handle) return {};
  return {
    handle: setHandleDisabled(rpRef, userHandle, handle, isDisabled),
    ...Object.fromEntries(
      credentials.map(({ credentialId }) => [
        `credential ${credentialId}`,
        setUserDisabled({ rpRef, userHandle, credentialId }, isDisabled),
      ]),
    ),
  };
}
