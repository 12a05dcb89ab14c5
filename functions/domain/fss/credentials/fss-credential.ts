import type { Table } from '../../../table/engine/client.ts';
import {
  readTakenCredentialIds,
  type TakenCredentialId,
  type WholeCredential,
} from '../../../table/users/credentials.ts';
import { decodeAttestationObject } from '../../webauthn/attestation-object.ts';
import { spkiOf } from '../../webauthn/spki.ts';
import { fssTime } from '../fss-times.ts';
import type { FssUser } from '../users/fss-user.ts';

/** The response of the authenticator at the registration, as base64url. */
export type Evidence = Pick<TakenCredentialId, 'attestationObject' | 'clientDataJSON'>;

/**
 * Returns a credential in the FSS format. `evidence` is the response at the registration. If the service has not kept
 * it, which is so for a credential that a native route registered without attestation, its texts are empty.
 */
export function fssCredential({ rpId, userId }: FssUser, credential: WholeCredential, evidence: Evidence = {}) {
  const { transports, lastUsedAt, createdAt, updatedAt } = credential;
  const { attestationObject = '', clientDataJSON = '' } = evidence;
  return {
    rpId,
    userId,
    credentialId: credential.credentialId,
    credentialName: credential.name,
    credentialAttributes:
      credential.attributes === null ? null : (JSON.parse(credential.attributes) as Record<string, unknown>),
    format: credential.attestation.format,
    ...flagsIn(attestationObject),
    userVerification: credential.userVerified,
    backupEligibility: credential.backupEligible ?? false,
    backupState: credential.backedUp,
    aaguid: credential.authenticator?.aaguid ?? null,
    aaguidModelName: credential.authenticator?.name ?? null,
    publicKey: spkiOf(credential.publicKey),
    transportsRaw: JSON.stringify(transports),
    transportsBle: transports.includes('ble'),
    transportsHybrid: transports.includes('hybrid'),
    transportsInternal: transports.includes('internal'),
    transportsNfc: transports.includes('nfc'),
    transportsUsb: transports.includes('usb'),
    discoverableCredential: credential.discoverable,
    // The service does not read what vendors add to an attestation that names a single device.
    enterpriseAttestation: false,
    vendorId: null,
    authenticatorId: null,
    attestationObject,
    authenticatorAttachment: credential.attachment,
    credentialType: 'public-key',
    clientDataJson: Buffer.from(clientDataJSON, 'base64url').toString(),
    clientDataJsonRaw: clientDataJSON,
    lastAuthenticated: lastUsedAt === null ? null : fssTime(lastUsedAt),
    lastSignCounter: credential.signCount,
    disabled: credential.disabled ?? false,
    registered: fssTime(createdAt),
    updated: fssTime(updatedAt ?? createdAt),
  };
}

export type FssCredential = ReturnType<typeof fssCredential>;

/** The bits of the flags in the authenticator data (WebAuthn, 6.1). */
const FLAGS = { userPresence: 0x01, attestedCredentialData: 0x40, extensionData: 0x80 } as const;
/** The position of the flags: they follow the hash of the RP ID. */
const FLAGS_AT = 32;

/**
 * Returns the flags that the service does not keep on their own, from an attestation object. Without one, returns the
 * flags of nearly every registration.
 */
function flagsIn(attestationObject: string): Readonly<Record<keyof typeof FLAGS, boolean>> {
  if (attestationObject === '') return { userPresence: true, attestedCredentialData: true, extensionData: false };
  const { authData } = decodeAttestationObject(Buffer.from(attestationObject, 'base64url'));
  const flags = authData[FLAGS_AT] ?? 0;
  return {
    userPresence: (flags & FLAGS.userPresence) !== 0,
    attestedCredentialData: (flags & FLAGS.attestedCredentialData) !== 0,
    extensionData: (flags & FLAGS.extensionData) !== 0,
  };
}

/** Returns credentials in the FSS format, the oldest first. Reads what the service has kept of their registrations. */
export async function fssCredentials(table: Table, rpRef: string, user: FssUser, all: readonly WholeCredential[]) {
  const sorted = all.toSorted((a, b) => a.createdAt - b.createdAt || a.credentialId.localeCompare(b.credentialId));
  const kept = await readTakenCredentialIds(
    table,
    rpRef,
    sorted.map(({ credentialId }) => credentialId),
    'strong',
  );
  return sorted.map((credential, index) => fssCredential(user, credential, kept[index]));
}
