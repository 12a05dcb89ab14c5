import 'reflect-metadata';
import { webcrypto, KeyObject } from 'node:crypto';
// A dependency of SimpleWebAuthn. `node:crypto` reads certificates, but does not create them.
import {
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  type Extension,
} from '@peculiar/x509';

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2_048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** A certificate that a test created, with its private key. */
export interface TestCertificate {
  /** The certificate in DER. */
  readonly der: Uint8Array;
  readonly privateKey: KeyObject;
  readonly subject: string;
  readonly serialNumber: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface CertificateOptions {
  /** The common name of the certificate. */
  readonly name: string;
  /** The certificate of the authority that issues this one. @default - the certificate is its own issuer */
  readonly issuer?: TestCertificate;
  /** Whether the certificate is an authority's. @default - true for a certificate that is its own issuer */
  readonly ca?: boolean;
  /** How many authorities may stand between this one and a leaf. @default - any number */
  readonly pathLength?: number;
  /** A host name of the certificate. @default - none */
  readonly host?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly kind?: 'ECDSA' | 'RSA';
  /** The URL of the list of certificates that the issuer revoked. @default - none */
  readonly revocationList?: string;
  /** The keys of the certificate. @default - new keys */
  readonly keys?: webcrypto.CryptoKeyPair;
}

let serial = 0;

/** Creates a certificate that is valid from 2020 to 2050 unless `options` say otherwise. */
export async function createCertificate(options: CertificateOptions): Promise<TestCertificate> {
  const { name, issuer, ca = issuer === undefined, pathLength, host, kind = 'ECDSA', revocationList } = options;
  const { notBefore = '2020-01-01T00:00:00Z', notAfter = '2050-01-01T00:00:00Z' } = options;
  const algorithm = kind === 'ECDSA' ? ECDSA : RSA;
  const keys = options.keys ?? (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']));
  const subject = `CN=${name}`;
  const serialNumber = (serial += 1).toString(16).padStart(4, '0');
  const extensions: Extension[] = [
    new BasicConstraintsExtension(ca, ca ? pathLength : undefined, true),
    new KeyUsagesExtension(ca ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags.digitalSignature),
    ...(host === undefined ? [] : [new SubjectAlternativeNameExtension([{ type: 'dns', value: host }])]),
    ...(revocationList === undefined ? [] : [new CRLDistributionPointsExtension([revocationList])]),
  ];
  const certificate = await X509CertificateGenerator.create({
    serialNumber,
    subject,
    issuer: issuer?.subject ?? subject,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    publicKey: keys.publicKey,
    signingKey: (issuer ?? { keys }).keys.privateKey,
    signingAlgorithm: (issuer ?? { keys }).keys.privateKey.algorithm.name === 'ECDSA' ? ECDSA : RSA,
    extensions,
  });
  return {
    der: new Uint8Array(certificate.rawData),
    privateKey: KeyObject.from(keys.privateKey),
    subject,
    serialNumber,
    keys,
  };
}

/** Creates the list, in DER, of the certificates that an authority revoked. */
export async function createRevocationList(
  issuer: TestCertificate,
  revoked: readonly TestCertificate[],
): Promise<Uint8Array> {
  const list = await X509CrlGenerator.create({
    issuer: issuer.subject,
    thisUpdate: new Date('2026-01-01T00:00:00Z'),
    nextUpdate: new Date('2050-01-01T00:00:00Z'),
    entries: revoked.map(({ serialNumber }) => ({ serialNumber, revocationDate: new Date('2026-01-01T00:00:00Z') })),
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: ECDSA,
  });
  return new Uint8Array(list.rawData);
}
