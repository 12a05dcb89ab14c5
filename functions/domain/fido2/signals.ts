import type { Credential } from '../../table/users/credentials.ts';
import type { User } from '../../table/users/users.ts';
import { userNameOf } from '../users/user-names.ts';

/**
 * Returns the arguments with which a page calls the Signal API of its browser (WebAuthn, 5.1.10), so that the user's
 * passkey managers show the user's name and drop passkeys that the service does not accept. `credentials` are all
 * credentials of the user from a strongly consistent read, or undefined if the RP did not ask for them: a credential
 * that is missing in the list may be deleted for good. Credentials that are disabled are in the list, because they can
 * be enabled again.
 */
export function signalsOf(rpId: string, user: User, credentials: readonly Credential[] | undefined) {
  const { userHandle = '', displayName } = user;
  return {
    currentUserDetails: { rpId, userId: userHandle, name: userNameOf(user), displayName: displayName ?? '' },
    ...(credentials && {
      allAcceptedCredentials: {
        rpId,
        userId: userHandle,
        allAcceptedCredentialIds: credentials.map(({ credentialId }) => credentialId),
      },
    }),
  };
}
