import type { MetadataEntry } from '../../table/metadata.ts';
import { pathToAnchor } from './certificate-path.ts';
import { keyIdentifierOf } from './key-identifier.ts';
import { certificationAt, isCompromised, type CertificationLevel } from './status-reports.ts';

/** The AAGUID of authenticators that do not say which model they are, such as U2F security keys. */
export const ZERO_AAGUID = '00000000-0000-0000-0000-000000000000';

/** An attestation whose statement was verified, but whose certificates nobody has judged yet. */
export interface Attestation {
  /** The format of the statement, such as `packed`. */
  readonly format: string;
  /** `none` without a statement, `self` if the credential's own key signed it, `uncertain` with certificates. */
  readonly type: 'none' | 'self' | 'uncertain';
  /** The certificates of the statement in DER, the leaf first. */
  readonly certificates: readonly Uint8Array[];
  /** The AAGUID of the authenticator as a lower-case UUID. */
  readonly aaguid: string;
}

/**
 * The type of an attestation in WebAuthn's words (section 6.5.4). `uncertain` if the format allows several types, and
 * metadata does not say which one it is.
 */
export type AttestationType = 'none' | 'self' | 'basic' | 'attca' | 'anonca' | 'uncertain';

export interface JudgedAttestation {
  readonly type: AttestationType;
  /**
   * Whether the certificates lead to a root of the authenticator's metadata, and no status report says that the
   * authenticator was revoked or compromised. A self attestation is never trusted.
   */
  readonly trusted: boolean;
  /** The authenticator's certification. Null if the attestation is not trusted, because anybody can copy an AAGUID. */
  readonly certification: CertificationLevel | null;
}

/**
 * Judges whether a verified attestation can be trusted at `now` (epoch milliseconds). `metadata` is the entry of the
 * authenticator, undefined if the metadata does not contain the authenticator. Reads nothing and opens no network
 * connection.
 */
export function judgeAttestation(
  attestation: Attestation,
  metadata: MetadataEntry | undefined,
  now: number,
): JudgedAttestation {
  const type = typeOf(attestation, metadata);
  const trusted =
    metadata !== undefined &&
    attestation.type === 'uncertain' &&
    isAbout(metadata, attestation) &&
    !isCompromised(metadata) &&
    pathToAnchor(attestation.certificates, metadata.roots, now) !== undefined;
  return { type, trusted, certification: trusted ? certificationAt(metadata, now) : null };
}

/** Returns whether a metadata entry is about the authenticator of an attestation. */
function isAbout({ aaguid, keyIdentifiers }: MetadataEntry, attestation: Attestation): boolean {
  if (attestation.aaguid !== ZERO_AAGUID) return aaguid === attestation.aaguid;
  const [leaf] = attestation.certificates;
  const identifier = leaf && keyIdentifierOf(leaf);
  return identifier !== undefined && keyIdentifiers.includes(identifier);
}

/** The types of the formats that have only one type. */
const TYPE_OF_FORMAT: Readonly<Record<string, AttestationType>> = {
  apple: 'anonca',
  tpm: 'attca',
  'android-key': 'basic',
};
/** The words of metadata for the types of attestations with certificates. */
const TYPE_IN_METADATA: Readonly<Record<string, AttestationType>> = {
  basic_full: 'basic',
  attca: 'attca',
  anonca: 'anonca',
};

function typeOf({ format, type }: Attestation, metadata: MetadataEntry | undefined): AttestationType {
  if (type !== 'uncertain') return type;
  const known = (metadata?.attestationTypes ?? []).flatMap((word) => TYPE_IN_METADATA[word] ?? []);
  const [only, ...others] = new Set(known);
  return TYPE_OF_FORMAT[format] ?? (only !== undefined && others.length === 0 ? only : 'uncertain');
}
