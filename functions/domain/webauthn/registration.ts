import { createHash } from 'node:crypto';
import { SettingsService, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { RegistrationResponse } from '../../contract/values/webauthn.ts';
import { ALGORITHMS } from './algorithms.ts';
import { verifyAndroidKey } from './android-key.ts';
import { decodeAttestationObject, withoutStatement, type AttestationObject } from './attestation-object.ts';
import { checkAuthenticatorData, parseAuthenticatorData } from './authenticator-data.ts';
import { checkClientData } from './client-data.ts';
import { refuseAppId } from './extensions.ts';
import { checkPublicKey, refuseLooseEncoding, type CheckedKey } from './public-key.ts';
import { outcomeOf, refuse, refusing, type Verification } from './refusal.ts';
import type { RelyingParty } from './relying-party.ts';
import { readStatement } from './statement.ts';

/** A value of `userVerification` in WebAuthn. Only `required` makes a verification refuse a response. */
export type UserVerification = 'required' | 'preferred' | 'discouraged';

/** The challenge and the requirements that a registration response must match. */
export interface RegistrationCeremony {
  /** Base64url. */
  readonly challenge: string;
  /** With `none`, the verification ignores the attestation statement. With every other value, it verifies it. */
  readonly attestation: 'none' | 'indirect' | 'direct' | 'enterprise';
  readonly userVerification: UserVerification;
  /**
   * Whether the browser creates the credential without asking the user. Then the verification requires neither the
   * presence nor the verification of the user, because browsers set neither flag.
   * @default false
   */
  readonly isConditional?: boolean;
  /**
   * The algorithms in the options, as COSE numbers.
   * @default ALGORITHMS
   */
  readonly algorithms?: readonly number[];
}

/** A credential whose registration response the service has verified. */
export interface RegisteredCredential {
  /** The credential ID, as base64url. */
  readonly id: string;
  /** The public key in COSE form. */
  readonly publicKey: Uint8Array;
  /** The algorithm of the public key, as a COSE number. */
  readonly algorithm: number;
  readonly signCount: number;
  /** The transports that the browser reported for the authenticator, such as `usb`. */
  readonly transports: readonly string[];
  /**
   * The AAGUID, which names the model of the authenticator, as a UUID. Without a trusted attestation, it is a claim.
   */
  readonly aaguid: string;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  /** The origin of the page that ran the ceremony. */
  readonly origin: string;
  /** Whether the user can sign in without a user name. Null if the browser did not report it. */
  readonly discoverable: boolean | null;
  /** Whether the authenticator is part of the device. Null if the browser did not report it. */
  readonly attachment: 'platform' | 'cross-platform' | null;
  readonly attestation: Attestation;
}

/** A verified attestation statement. Nobody has judged yet whether the certificates lead to a trusted root. */
export interface Attestation {
  /** The attestation statement format, such as `packed`. `none` if the ceremony asked for no attestation. */
  readonly format: string;
  /**
   * `self` if the credential signed the statement itself. `uncertain` if a certificate did: trust decides its worth.
   */
  readonly type: 'none' | 'self' | 'uncertain';
  /** The certificates in DER, the one of the authenticator first. */
  readonly certificates: readonly Uint8Array[];
}

// SimpleWebAuthn keeps roots for some formats, for the whole process, and refuses certificates that do not lead to
// them. Trust depends on the RP and is judged elsewhere.
for (const identifier of ['android-key', 'android-safetynet', 'apple'] as const) {
  SettingsService.setRootCertificates({ identifier, certificates: [] });
}

/**
 * Verifies a registration response for an RP (WebAuthn, section 7.1, steps 5 to 22, 25 and 28). Returns the new
 * credential, or the reason why the response is refused. The caller judges whether the attestation is trusted, and
 * whether the credential ID is new.
 */
export function verifyRegistration(
  relyingParty: RelyingParty,
  ceremony: RegistrationCeremony,
  credential: RegistrationResponse,
): Promise<Verification<RegisteredCredential>> {
  const { challenge, userVerification, isConditional = false, algorithms = ALGORITHMS } = ceremony;
  const { id, rawId, response, authenticatorAttachment, clientExtensionResults } = credential;
  const requires = {
    userPresence: !isConditional,
    userVerification: !isConditional && userVerification === 'required',
  };
  return outcomeOf(async () => {
    const origin = checkClientData(response, { type: 'webauthn.create', challenge }, relyingParty);
    const object = decodeAttestationObject(Buffer.from(response.attestationObject, 'base64url'));
    const data = parseAuthenticatorData(object.authData);
    checkAuthenticatorData(data, relyingParty.rpId, requires);
    const { attested } = data;
    if (!attested) return refuse('authenticator-data', 'The authenticator data contains no credential');
    const key = checkPublicKey(attested.publicKey, algorithms);
    refuseLooseEncoding(attested.publicKey);
    // If the service stored an ID that the authenticator does not know, nobody could sign in with the passkey.
    const isItsId = Buffer.from(attested.id).toString('base64url') === id && rawId === id;
    if (!isItsId) refuse('credential-id', 'The ID is not the one in the authenticator data');
    if (attested.id.length === 0 || attested.id.length > MAX_ID_BYTES) {
      refuse('credential-id', 'The ID is empty or has more than 1,023 bytes');
    }
    refuseAppId(clientExtensionResults);
    const attestation = await verifyAttestation(relyingParty, ceremony, credential, object, key);
    const { signCount, userVerified, backupEligible, backedUp } = data;
    return {
      ...{ id, publicKey: attested.publicKey, algorithm: key.algorithm, signCount },
      ...{ transports: response.transports ?? [], aaguid: attested.aaguid },
      ...{ userVerified, backupEligible, backedUp, origin },
      discoverable: clientExtensionResults?.credProps?.rk ?? null,
      attachment: authenticatorAttachment ?? null,
      attestation,
    };
  });
}

/** "Credential IDs larger than this many bytes SHOULD cause the RP to fail" (WebAuthn, 7.1-25). */
const MAX_ID_BYTES = 1_023;

/**
 * Verifies the attestation statement of a response that passed all other checks. Returns the attestation without a
 * statement when the ceremony asked for none. Then browsers remove the statement, but some password managers and
 * security keys still send one, and WebAuthn lets an RP ignore it.
 */
async function verifyAttestation(
  relyingParty: RelyingParty,
  ceremony: RegistrationCeremony,
  { id, rawId, type, response }: RegistrationResponse,
  object: AttestationObject,
  key: CheckedKey,
): Promise<Attestation> {
  const { format } = ceremony.attestation === 'none' ? { format: 'none' } : object;
  const statement = ceremony.attestation === 'none' ? undefined : refusing('attestation', () => readStatement(object));
  const isSelf = format === 'packed' && statement?.certificates.length === 0;
  if (isSelf && statement.algorithm !== key.algorithm) {
    refuse('attestation', 'The algorithm is not that of the public key');
  }
  if (statement && format === 'android-key') {
    const clientDataHash = createHash('sha256').update(Buffer.from(response.clientDataJSON, 'base64url')).digest();
    refusing('attestation', () => {
      verifyAndroidKey(statement, { authData: object.authData, clientDataHash }, key);
    });
  }
  const isVerified = !statement || format === 'android-key';
  const { verified } = await refusing('attestation', () =>
    verifyRegistrationResponse({
      response: {
        ...{ id, rawId, type, clientExtensionResults: {} },
        response: {
          clientDataJSON: response.clientDataJSON,
          attestationObject: isVerified ? withoutStatement(object) : response.attestationObject,
        },
      },
      expectedChallenge: ceremony.challenge,
      expectedOrigin: [...relyingParty.origins],
      expectedRPID: relyingParty.rpId,
      requireUserPresence: !ceremony.isConditional,
      requireUserVerification: !ceremony.isConditional && ceremony.userVerification === 'required',
      supportedAlgorithmIDs: [...(ceremony.algorithms ?? ALGORITHMS)],
    }),
  );
  if (!verified) refuse('attestation', 'The attestation statement is not valid');
  const kind = isSelf ? 'self' : format === 'none' ? 'none' : 'uncertain';
  return { format, type: kind, certificates: statement?.certificates ?? [] };
}
