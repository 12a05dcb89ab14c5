import { createHash } from 'node:crypto';
import type { AuthenticationResponse } from '../../contract/values/webauthn.ts';
import { ALGORITHMS } from './algorithms.ts';
import { checkAuthenticatorData, parseAuthenticatorData } from './authenticator-data.ts';
import { checkClientData } from './client-data.ts';
import { refuseAppId } from './extensions.ts';
import { checkPublicKey } from './public-key.ts';
import { outcomeOf, refuse, type Verification } from './refusal.ts';
import type { RegisteredCredential, UserVerification } from './registration.ts';
import type { RelyingParty } from './relying-party.ts';
import { isSignedBy, refuseLooseSignature } from './signature.ts';

/** The challenge and the user-verification requirement that an authentication response must match. */
export interface AuthenticationCeremony {
  /** Base64url. */
  readonly challenge: string;
  readonly userVerification: UserVerification;
}

/** The values in a verified authentication response. */
export interface Authentication {
  /** The new sign count. The caller compares it with the stored one: this function has verified the signature only. */
  readonly signCount: number;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  /** The origin of the page that ran the ceremony. */
  readonly origin: string;
}

/**
 * Returns whether an authentication response says that the authenticator verified the user. Verifies nothing: the
 * response must have been accepted before.
 */
export const isUserVerifiedIn = ({ response }: AuthenticationResponse): boolean =>
  parseAuthenticatorData(Buffer.from(response.authenticatorData, 'base64url')).userVerified;

/**
 * Verifies an authentication response against a registered credential (WebAuthn, section 7.2, steps 8 to 21 and 23).
 * Returns the values in the response, or the reason why the response is refused. The caller finds the credential and
 * its user, and judges the sign count and the change of the backup flags.
 *
 * Node.js verifies the signature. SimpleWebAuthn verifies registrations, but no authentication: it would load the code
 * that parses certificates, it takes several times as long, and it judges the sign count before the signature, so that
 * anybody could make a credential look cloned.
 */
export function verifyAuthentication(
  relyingParty: RelyingParty,
  { challenge, userVerification }: AuthenticationCeremony,
  credential: Pick<RegisteredCredential, 'id' | 'publicKey'>,
  { id, rawId, response, clientExtensionResults }: AuthenticationResponse,
): Promise<Verification<Authentication>> {
  return outcomeOf(() => {
    if (id !== credential.id || rawId !== id) refuse('credential-id', 'The response is from another credential');
    const origin = checkClientData(response, { type: 'webauthn.get', challenge }, relyingParty);
    const authenticatorData = Buffer.from(response.authenticatorData, 'base64url');
    const data = parseAuthenticatorData(authenticatorData);
    checkAuthenticatorData(data, relyingParty.rpId, {
      userPresence: true,
      userVerification: userVerification === 'required',
    });
    // An earlier release registered passkeys without this check.
    const key = checkPublicKey(credential.publicKey, ALGORITHMS);
    const signature = Buffer.from(response.signature, 'base64url');
    refuseLooseSignature(signature, key.algorithm, 'signature');
    const clientDataHash = createHash('sha256').update(Buffer.from(response.clientDataJSON, 'base64url')).digest();
    if (!isSignedBy(key, Buffer.concat([authenticatorData, clientDataHash]), signature)) {
      refuse('signature', 'The signature is not valid');
    }
    refuseAppId(clientExtensionResults);
    const { signCount, userVerified, backupEligible, backedUp } = data;
    return Promise.resolve({ signCount, userVerified, backupEligible, backedUp, origin });
  });
}
