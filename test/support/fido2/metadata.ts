import { sign } from 'node:crypto';
import type { SignedBlob } from '../../../functions/domain/attestation/read-blob.ts';
import { createCertificate, type TestCertificate } from './certificates.ts';

/** An entry of a BLOB, as the FIDO Alliance writes it. */
export interface BlobEntry {
  readonly aaguid?: string;
  readonly aaid?: string;
  readonly attestationCertificateKeyIdentifiers?: readonly string[];
  readonly metadataStatement?: Readonly<Record<string, unknown>>;
  readonly statusReports?: unknown;
}

/** Returns an entry for an authenticator whose attestations lead to `root`. */
export const entryFor = (
  aaguid: string,
  root: Pick<TestCertificate, 'der'>,
  { description = 'Test key', statuses = ['FIDO_CERTIFIED_L1'] }: { description?: string; statuses?: string[] } = {},
): BlobEntry => ({
  aaguid,
  metadataStatement: {
    description,
    attestationTypes: ['basic_full'],
    attestationRootCertificates: [Buffer.from(root.der).toString('base64')],
    icon: 'data:image/png;base64,AAAA',
  },
  statusReports: statuses.map((status) => ({ status, effectiveDate: '2026-01-01' })),
});

/** Signs BLOBs, as the FIDO Alliance does. */
export interface BlobSigner {
  readonly root: TestCertificate;
  readonly authority: TestCertificate;
  readonly leaf: TestCertificate;
  /** Returns a signed BLOB that is due to be replaced on `nextUpdate`, and the root that verifies it. */
  readonly sign: (no: number, entries: readonly unknown[], nextUpdate?: string) => SignedBlob;
}

/** The host name of the certificate with which the test's signer signs. */
export const SIGNER = 'metadata.example.com';

/** Creates a signer with a root, an authority and a certificate that signs. */
export async function createBlobSigner(
  deviations: Partial<Parameters<typeof createCertificate>[0]> = {},
): Promise<BlobSigner> {
  const root = await createCertificate({ name: 'Metadata Root' });
  const authority = await createCertificate({ name: 'Metadata Authority', issuer: root, ca: true });
  const leaf = await createCertificate({ name: 'Metadata', issuer: authority, host: SIGNER, ...deviations });
  return {
    root,
    authority,
    leaf,
    sign: (no, entries, nextUpdate = '2049-01-01') => ({
      blob: blobOf({ legalHeader: 'For tests', no, nextUpdate, entries }, leaf, [leaf, authority]),
      roots: [root.der],
      signer: SIGNER,
    }),
  };
}

/** Returns a JWT with a payload. `header` replaces fields of the header. */
export function blobOf(
  payload: unknown,
  { privateKey }: TestCertificate,
  path: readonly TestCertificate[],
  header: Readonly<Record<string, unknown>> = {},
): string {
  const alg = privateKey.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256';
  const x5c = path.map(({ der }) => Buffer.from(der).toString('base64'));
  const text = [{ alg, typ: 'JWT', x5c, ...header }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}
