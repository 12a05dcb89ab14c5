import { createHash, verify, type KeyObject, type X509Certificate } from 'node:crypto';
import * as z from 'zod';
import type { MetadataEntry } from '../../table/metadata.ts';
import { parseCertificate, pathToAnchor } from './certificate-path.ts';
import { ZERO_AAGUID } from './judge-attestation.ts';

/**
 * A BLOB of the FIDO Metadata Service, which is a JWT with an entry for each authenticator, and the rules that say who
 * may sign the BLOB.
 */
export interface SignedBlob {
  readonly blob: string;
  /** The root certificates in DER, to one of which the certificates of the BLOB must lead. */
  readonly roots: readonly Uint8Array[];
  /** The host name that the signing certificate must have; null if it may have any name. */
  readonly signer: string | null;
}

/** The content of a BLOB. */
export interface Metadata {
  readonly no: number;
  /** The date on which the next BLOB appears at the latest, such as `2026-12-01`. */
  readonly nextUpdate: string;
  /** The entries of the authenticators, by AAGUID and by key identifier. */
  readonly entries: ReadonlyMap<string, MetadataEntry>;
  /** The number of entries and of root certificates that the service cannot use, because they are malformed. */
  readonly unusable: number;
}

/** The result of reading a BLOB. `path` leads from the certificate that signed the BLOB to a root. */
export type BlobReading =
  | { readonly metadata: Metadata; readonly path: readonly X509Certificate[]; readonly refusal?: undefined }
  | { readonly refusal: string };

/** The algorithms with which a BLOB may be signed: the hash, and the curve of the key or null for RSA. */
const ALGORITHMS: Readonly<Record<string, { hash: string; curve: string | null }>> = {
  RS256: { hash: 'sha256', curve: null },
  RS384: { hash: 'sha384', curve: null },
  RS512: { hash: 'sha512', curve: null },
  ES256: { hash: 'sha256', curve: 'prime256v1' },
  ES384: { hash: 'sha384', curve: 'secp384r1' },
  ES512: { hash: 'sha512', curve: 'secp521r1' },
};
const MINIMUM_RSA_BITS = 2_048;

const header = z.object({
  alg: z.string(),
  x5c: z.array(z.base64()).min(1).max(10),
  /** RFC 7515 (section 4.1.11): refuse a JWT with extensions that one does not know. */
  crit: z.never().optional(),
});
const payload = z.object({ no: z.int().min(1), nextUpdate: z.iso.date(), entries: z.array(z.unknown()) });

/**
 * Reads a BLOB (FIDO Metadata Service 3, section 3.2). Returns a refusal if its certificates do not lead to one of the
 * roots at `now` (epoch milliseconds), if its signature is wrong, or if it is malformed. Does not look up whether a
 * certificate was revoked, and opens no network connection.
 */
export function readBlob({ blob, roots, signer }: SignedBlob, now: number): BlobReading {
  const [first = '', second = '', third = '', ...rest] = blob.trim().split('.');
  const { data: head } = header.safeParse(jsonIn(first));
  if (rest.length > 0 || !head) return { refusal: 'The metadata is not a JWT with certificates' };
  const path = pathToAnchor(
    head.x5c.map((certificate) => Buffer.from(certificate, 'base64')),
    roots,
    now,
  );
  const [leaf] = path ?? [];
  if (!path || !leaf) return { refusal: 'The certificates of the metadata do not lead to a trusted root' };
  // Each root of FIDO's is a root of a public authority that certifies many websites. The name of the signing
  // certificate says that it is FIDO's.
  if (signer !== null && leaf.checkHost(signer, { subject: 'never' }) === undefined) {
    return { refusal: `The metadata is not signed by ${signer}` };
  }
  if (!isSigned(head.alg, `${first}.${second}`, Buffer.from(third, 'base64url'), leaf.publicKey)) {
    return { refusal: 'The signature of the metadata is wrong' };
  }
  const { data: content } = payload.safeParse(jsonIn(second));
  if (!content) return { refusal: 'The metadata has no number, no date of the next update or no entries' };
  return { metadata: { ...content, ...entriesIn(content.entries) }, path };
}

function isSigned(algorithm: string, text: string, signature: Uint8Array, key: KeyObject): boolean {
  const { hash, curve } = (Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined) ?? {};
  if (hash === undefined) return false;
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  const fits =
    curve === null
      ? key.asymmetricKeyType === 'rsa' && modulusLength >= MINIMUM_RSA_BITS
      : key.asymmetricKeyType === 'ec' && namedCurve === curve;
  return fits && verify(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** Returns the value of a part of a JWT, or undefined if the part is not JSON in base64url. */
function jsonIn(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

const lowerCase = (pattern: RegExp) => z.string().toLowerCase().regex(pattern);
/**
 * An entry of a BLOB, as far as the service uses it. An entry for an authenticator of another protocol, UAF, has
 * neither an AAGUID nor key identifiers.
 */
const blobEntry = z.object({
  aaguid: lowerCase(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/).optional(),
  attestationCertificateKeyIdentifiers: z.array(lowerCase(/^[0-9a-f]{40}$/)).default([]),
  metadataStatement: z
    .object({
      description: z.string().transform((text) => text.trim().replaceAll(/\s+/g, ' ')),
      attestationTypes: z.array(z.string()).default([]),
      attestationRootCertificates: z.array(z.string()),
    })
    .optional(),
  statusReports: z.array(z.object({ status: z.string(), effectiveDate: z.string().optional() })),
});

function entriesIn(list: readonly unknown[]): Pick<Metadata, 'entries' | 'unusable'> {
  const entries = new Map<string, MetadataEntry>();
  let unusable = 0;
  for (const given of list) {
    const { data } = blobEntry.safeParse(given);
    // Without its entry an authenticator is not trusted. So a malformed entry cannot hide that it was revoked.
    if (!data) {
      unusable += 1;
      continue;
    }
    const { metadataStatement: statement, attestationCertificateKeyIdentifiers: keyIdentifiers } = data;
    const certificates = (statement?.attestationRootCertificates ?? []).map((text) => Buffer.from(text, 'base64'));
    const roots = certificates.filter((certificate) => parseCertificate(certificate) !== undefined);
    unusable += certificates.length - roots.length;
    const entry: MetadataEntry = {
      aaguid: data.aaguid ?? null,
      keyIdentifiers,
      name: statement?.description ?? null,
      attestationTypes: statement?.attestationTypes ?? [],
      roots,
      statusReports: data.statusReports,
    };
    for (const id of new Set([data.aaguid ?? ZERO_AAGUID, ...keyIdentifiers])) {
      const other = entries.get(id);
      if (id !== ZERO_AAGUID) entries.set(id, other ? together(other, entry) : entry);
    }
  }
  return { entries, unusable };
}

/**
 * Returns the entry for an ID that two entries of a BLOB have: both have the authenticator's roots, and a status report
 * of either says whether the authenticator was revoked.
 */
const together = (one: MetadataEntry, other: MetadataEntry): MetadataEntry => ({
  ...one,
  keyIdentifiers: [...new Set([...one.keyIdentifiers, ...other.keyIdentifiers])],
  attestationTypes: [...new Set([...one.attestationTypes, ...other.attestationTypes])],
  roots: [...one.roots, ...other.roots],
  statusReports: [...one.statusReports, ...other.statusReports],
});

/** Returns a short text that changes when the content of a metadata entry changes. */
export function fingerprintOf(entry: MetadataEntry): string {
  const roots = entry.roots.map((root) => Buffer.from(root).toString('base64'));
  return createHash('sha256')
    .update(JSON.stringify({ ...entry, roots }))
    .digest('base64url')
    .slice(0, 16);
}
