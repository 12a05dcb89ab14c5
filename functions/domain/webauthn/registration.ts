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

/** The ceremony that a registration response must answer. */
export interface RegistrationCeremony {
  readonly challenge: string;
  readonly attestation: AttestationConveyancePreference;
  readonly userVerification: UserVerificationRequirement;
}

/** A credential that was verified when it was registered. */
export interface RegisteredCredential {
  /** The credential ID, as base64url. */
  readonly id: string;
  /** In COSE form. */
  readonly publicKey: Uint8Array;
  readonly signCount: number;
  /** How browsers reach its authenticator, as the client reported it. */
  readonly transports: readonly string[];
}

/** Verifies a registration response for an RP (WebAuthn, 7.1). */
export function verifyRegistration(
  { rpId, origins }: RelyingParty,
  { challenge, attestation, userVerification }: RegistrationCeremony,
  { id, rawId, type, response }: RegistrationResponse,
): Promise<Verification<RegisteredCredential>> {
  return outcomeOf(async () => {
    // The library would accept this: it is refused before.
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
    // The authenticator made the ID that its data contain. A response that names another one could never sign in.
    if (credential.id !== id) refuse('credential-id', 'The ID is not the one in the authenticator data');
    const { publicKey, counter, transports = [] } = credential;
    return { id, publicKey, signCount: counter, transports };
  });
}

/**
 * Refuses an attestation with a certificate where the options requested none: browsers then remove the statement of the
 * authenticator, unless the new credential itself signs it. Verifying certificates takes more code than the rest.
 */
function refuseCertificates({ attestationObject }: RegistrationResponse['response']): void {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const fmt = decoded.get('fmt');
  const isSelf = fmt === 'packed' && !decoded.get('attStmt').get('x5c');
  if (fmt !== 'none' && !isSelf) refuse('attestation', 'Only none or a self attestation was requested');
}
