import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { AuthenticationResponse } from '../../contract/webauthn.ts';
import { ALGORITHMS } from './algorithms.ts';
import { checkAuthenticatorData, parseAuthenticatorData } from './authenticator-data.ts';
import { checkClientData } from './client-data.ts';
import { refuseAppId } from './extensions.ts';
import { checkPublicKey } from './public-key.ts';
import { outcomeOf, refuse, refusing, type Verification } from './refusal.ts';
import type { RegisteredCredential, UserVerification } from './registration.ts';
import type { RelyingParty } from './relying-party.ts';
import { refuseLooseSignature } from './signature.ts';

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
 * Verifies an authentication response against a registered credential (WebAuthn, section 7.2, steps 8 to 21 and 23).
 * Returns the values in the response, or the reason why the response is refused. The caller finds the credential and
 * its user, and judges the sign count and the change of the backup flags.
 *
 * SimpleWebAuthn verifies the signature, and repeats the steps before it. SimpleWebAuthn would judge the sign count
 * before the signature, so that anybody could make a credential look cloned. For this reason, it gets the stored sign
 * count 0, which every sign count passes.
 */
export function verifyAuthentication(
  relyingParty: RelyingParty,
  { challenge, userVerification }: AuthenticationCeremony,
  credential: Pick<RegisteredCredential, 'id' | 'publicKey'>,
  { id, rawId, type, response, clientExtensionResults }: AuthenticationResponse,
): Promise<Verification<Authentication>> {
  const { clientDataJSON, authenticatorData, signature } = response;
  const requireUserVerification = userVerification === 'required';
  return outcomeOf(async () => {
    if (id !== credential.id || rawId !== id) refuse('credential-id', 'The response is from another credential');
    const origin = checkClientData(response, { type: 'webauthn.get', challenge }, relyingParty);
    const data = parseAuthenticatorData(Buffer.from(authenticatorData, 'base64url'));
    checkAuthenticatorData(data, relyingParty.rpId, {
      userPresence: true,
      userVerification: requireUserVerification,
    });
    // An earlier release registered passkeys without this check.
    const { algorithm } = checkPublicKey(credential.publicKey, ALGORITHMS);
    refuseAppId(clientExtensionResults);
    refuseLooseSignature(Buffer.from(signature, 'base64url'), algorithm, 'signature');
    const { verified } = await refusing('signature', () =>
      verifyAuthenticationResponse({
        response: {
          ...{ id, rawId, type, clientExtensionResults: {} },
          response: { clientDataJSON, authenticatorData, signature },
        },
        expectedChallenge: challenge,
        expectedOrigin: [...relyingParty.origins],
        expectedTopOrigin: [...(relyingParty.topOrigins ?? [])],
        expectedRPID: relyingParty.rpId,
        credential: { id, publicKey: new Uint8Array(credential.publicKey), counter: 0 },
        requireUserVerification,
      }),
    );
    if (!verified) refuse('signature', 'The signature is not valid');
    const { signCount, userVerified, backupEligible, backedUp } = data;
    return { signCount, userVerified, backupEligible, backedUp, origin };
  });
}
