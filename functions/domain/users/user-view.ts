import type { UserView } from '../../contract/users.ts';
import type { UserHandle } from '../../table/users/user-handles.ts';
import { versionOf, type User } from '../../table/users/users.ts';
import { toIso } from '../time.ts';
import { userNameOf } from './user-names.ts';

/**
 * Converts a user to the form that API responses use. `handle` is the user's handle item, or undefined if the user has
 * not registered a credential yet.
 */
export function userView(user: User, handle: UserHandle | undefined): UserView {
  const { userId, displayName, attributes, disabled = false, userHandle = null, registeredAt } = user;
  return {
    userId,
    userName: userNameOf(user),
    displayName,
    attributes: attributes === undefined ? null : (JSON.parse(attributes) as UserView['attributes']),
    disabled,
    userHandle,
    credentials: { total: handle?.credentials ?? 0, enabled: handle?.enabledCredentials ?? 0 },
    registeredAt: toIso(registeredAt),
    updatedAt: toIso(user.updatedAt ?? registeredAt),
    version: versionOf(user),
  };
}
