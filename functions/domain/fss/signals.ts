import type { FssUser } from './users/fss-user.ts';

/** The arguments of the Signal API of browsers, with the names of the FSS format. */

/** Returns the argument of `PublicKeyCredential.signalCurrentUserDetails`. */
export const currentUserDetails = ({ rpId, userId, userName, displayName }: FssUser) => ({
  rpId,
  userId,
  name: userName,
  displayName: displayName ?? '',
});

/**
 * Returns the argument of `PublicKeyCredential.signalAllAcceptedCredentials`. Browsers may delete a credential that the
 * list lacks, so it must have all credentials of the user from a strongly consistent read, disabled ones too.
 */
export const allAcceptedCredentials = ({ rpId, userId }: FssUser, credentialIds: readonly string[]) => ({
  rpId,
  userId,
  allAcceptedCredentialIds: credentialIds,
});
