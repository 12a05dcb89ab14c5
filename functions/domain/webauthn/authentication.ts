import { verifyAuthenticationResponse, type UserVerificationRequirement } from '@simplewebauthn/server';
import type { AuthenticationResponse } from '../../contract/webauthn.ts';
import { refuseEmbedded } from './client-data.ts';
import { refuseMalformedKey } from './public-key.ts';
import { outcomeOf, refuse, type Verification } from './refusal.ts';
import type { RegisteredCredential } from './registration.ts';
import type { RelyingParty } from './relying-party.ts';

/** The challenge and the user-verification requirement that an authentication response must match. */
export interface AuthenticationCeremony {
  readonly challenge: string;
  readonly userVerification: UserVerificationRequirement;
}

/**
 * Verifies an authentication response against a registered credential (WebAuthn, section 7.2). Returns the credential's
 * new sign count, or the reason why the response is refused.
 */
export function verifyAuthentication(
  { rpId, origins }: RelyingParty,
  { challenge, userVerification }: AuthenticationCeremony,
  credential: Pick<RegisteredCredential, 'id' | 'publicKey' | 'signCount'>,
  { id, rawId, type, response }: AuthenticationResponse,
): Promise<Verification<{ readonly signCount: number }>> {
  const { clientDataJSON, authenticatorData, signature } = response;
  return outcomeOf(async () => {
    refuseEmbedded({ clientDataJSON });
    // An earlier release registered passkeys without this check.
    refuseMalformedKey(credential.publicKey);
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        ...{ id, rawId, type, clientExtensionResults: {} },
        response: { clientDataJSON, authenticatorData, signature },
      },
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      credential: {
        id: credential.id,
        publicKey: new Uint8Array(credential.publicKey),
        counter: credential.signCount,
      },
      requireUserVerification: userVerification === 'required',
    });
    if (!verified) refuse('library', 'The signature could not be verified');
    return { signCount: authenticationInfo.newCounter };
  });
}
