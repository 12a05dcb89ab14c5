import {
  verifyRegistrationResponse,
  type AttestationConveyancePreference,
  type UserVerificationRequirement,
} from '@simplewebauthn/server';
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers';
import type { RegistrationResponse } from '../../contract/webauthn.ts';
import { ALGORITHMS } from './algorithms.ts';
import { outcomeOf, refuse, type Verification } from './refusal.ts';
import type { RelyingParty } from './relying-party.ts';

/** The challenge and the requirements that a registration response must match. */
export interface RegistrationCeremony {
  readonly challenge: string;
  readonly attestation: AttestationConveyancePreference;
  readonly userVerification: UserVerificationRequirement;
}

/** A credential whose registration response the service has verified. */
export interface RegisteredCredential {
  /** The credential ID, as base64url. */
  readonly id: string;
  /** The public key in COSE form. */
  readonly publicKey: Uint8Array;
  readonly signCount: number;
  /** The transports that the browser reported for the authenticator, such as `usb`. */
  readonly transports: readonly string[];
}

/**
 * Verifies a registration response for an RP (WebAuthn, section 7.1). Returns the new credential, or the reason why the
 * response is refused.
 */
export function verifyRegistration(
  { rpId, origins }: RelyingParty,
  { challenge, attestation, userVerification }: RegistrationCeremony,
  { id, rawId, type, response }: RegistrationResponse,
): Promise<Verification<RegisteredCredential>> {
  return outcomeOf(async () => {
    // SimpleWebAuthn would accept an attestation with a certificate, so the function refuses certificates before it
    // calls SimpleWebAuthn.
    if (attestation === 'none') refuseCertificates(response);
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { id, rawId, type, response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification: userVerification === 'required',
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!verified) return refuse('library', 'The attestation could not be verified');
    const { credential } = registrationInfo;
    // The authenticator data contain the credential ID that the authenticator created. The `id` in the response may
    // differ from this credential ID. If the service stored such an `id`, nobody could sign in with the passkey.
    if (credential.id !== id) refuse('credential-id', 'The ID is not the one in the authenticator data');
    const { publicKey, counter, transports = [] } = credential;
    return { id, publicKey, signCount: counter, transports };
  });
}

/**
 * Refuses an attestation that contains a certificate. When the options request the attestation `none`, browsers remove
 * the authenticator's attestation statement, unless the new credential itself signed the statement. The service does
 * not verify certificates, because the code for this would be larger than the rest of the verification code.
 */
function refuseCertificates({ attestationObject }: RegistrationResponse['response']): void {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const fmt = decoded.get('fmt');
  const isSelf = fmt === 'packed' && !decoded.get('attStmt').get('x5c');
  if (fmt !== 'none' && !isSelf) refuse('attestation', 'Only none or a self attestation was requested');
}
