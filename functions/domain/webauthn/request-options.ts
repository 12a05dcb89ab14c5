import type { UserVerificationRequirement } from '@simplewebauthn/server';
import type { RelyingParty } from './relying-party.ts';

/**
 * Returns the `PublicKeyCredentialRequestOptionsJSON` of an authentication without a user name. The browser lets the
 * user choose one of the user's credentials for the RP. `timeout` is in milliseconds.
 */
export function requestOptions<UserVerification extends UserVerificationRequirement>(
  { rpId }: RelyingParty,
  ceremony: { readonly challenge: string; readonly timeout: number },
  userVerification: UserVerification,
) {
  const { challenge, timeout } = ceremony;
  return { rpId, challenge, timeout, userVerification };
}
