import {
  verifyRegistrationResponse,
  type AttestationConveyancePreference,
  type UserVerificationRequirement,
} from '@simplewebauthn/server';
import { decodeAttestationObject, isoBase64URL, isoCBOR, parseAuthenticatorData } from '@simplewebauthn/server/helpers';
import type { RegistrationResponse } from '../../contract/webauthn.ts';
import { ALGORITHMS } from './algorithms.ts';
import { refuseEmbedded } from './client-data.ts';
import { refuseMalformedKey } from './public-key.ts';
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
    // SimpleWebAuthn makes neither of these two checks.
    refuseEmbedded(response);
    const authData = authenticatorDataIn(response);
    const { credentialPublicKey } = parseAuthenticatorData(authData);
    if (credentialPublicKey) refuseMalformedKey(credentialPublicKey);
    const attestationObject = attestation === 'none' ? withoutStatement(authData) : response.attestationObject;
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { id, rawId, type, response: { ...response, attestationObject }, clientExtensionResults: {} },
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

/** Returns the authenticator data in an attestation object. */
const authenticatorDataIn = ({ attestationObject }: RegistrationResponse['response']) =>
  decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('authData');

/**
 * Returns an attestation object, as base64url, that contains the authenticator data and no attestation statement. When
 * the options request the attestation `none`, browsers remove the statement, but some password managers and security
 * keys still send one. WebAuthn lets a relying party that did not request an attestation ignore the statement. The
 * console ignores it, because the code that verifies certificates is larger than the rest of the verification code.
 */
const withoutStatement = (authData: Uint8Array<ArrayBuffer>) =>
  isoBase64URL.fromBuffer(
    isoCBOR.encode(
      new Map<string, string | Map<string, never> | Uint8Array>([
        ['fmt', 'none'],
        ['attStmt', new Map<string, never>()],
        ['authData', authData],
      ]),
    ),
  );
