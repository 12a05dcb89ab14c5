import type { UserView } from '../../../contract/users.ts';
import { fssTime } from '../fss-times.ts';

/**
 * Returns a user in the FSS format. The user ID of this format is the user handle. An empty user ID stands for a user
 * of an earlier release who has no handle yet.
 */
export function fssUser(rpId: string, user: UserView) {
  const { userHandle, userName, displayName, attributes, disabled, registeredAt, updatedAt, credentials } = user;
  return {
    rpId,
    userId: userHandle ?? '',
    userName,
    displayName,
    userAttributes: attributes,
    disabled,
    registered: fssTime(registeredAt),
    updated: fssTime(updatedAt),
    enabledCredentialCount: credentials.enabled,
    credentialCount: credentials.total,
  };
}
export type FssUser = ReturnType<typeof fssUser>;
