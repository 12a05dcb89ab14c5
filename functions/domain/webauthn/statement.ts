import { X509Certificate } from 'node:crypto';
import type { AttestationObject } from './attestation-object.ts';
import { refuse } from './refusal.ts';
import { refuseLooseSignature } from './signature.ts';

/** The limits of the certificates in a statement. Real statements have up to 5 certificates of about 1 KB. */
const MAX_CERTIFICATES = 6;
const MAX_CERTIFICATE_BYTES = 8_192;

/** The formats whose statements the service verifies. */
const FORMATS: readonly string[] = ['none', 'packed', 'fido-u2f', 'tpm', 'android-key', 'apple'];

const ES256 = -7;

/** The members that the statements of several formats have. */
export interface Statement {
  /** The COSE number of the signature's algorithm. ES256 for `fido-u2f`, which has no such member. */
  readonly algorithm: number;
  /** Empty for the formats without a signature, `none` and `apple`. */
  readonly signature: Uint8Array;
  /** The certificates in DER, the one for the signature first. Empty if the credential itself signed the statement. */
  readonly certificates: readonly Uint8Array[];
}

/**
 * Reads the members of an attestation statement. Refuses a format that the service does not verify, a member that is
 * missing or has the wrong type, and more than 6 certificates or one of more than 8 KB. Throws when the certificate of
 * a `fido-u2f` statement cannot be parsed.
 */
export function readStatement({ format, statement }: AttestationObject): Statement {
  if (!FORMATS.includes(format)) refuse('attestation', 'The service does not verify this attestation statement format');
  if (format === 'none' && statement.size > 0) refuse('attestation', 'A statement of the format none has members');
  const certificates = certificatesIn(statement);
  const needsNone = format === 'none' || (format === 'packed' && !statement.has('x5c'));
  if (!needsNone && certificates.length === 0) refuse('attestation', 'The statement has no certificate');
  if (format === 'fido-u2f' && (certificates.length > 1 || !isOnP256(certificates[0]))) {
    refuse('attestation', 'The statement must have one certificate, and its key must be on P-256');
  }
  const isUnsigned = format === 'none' || format === 'apple';
  return { certificates, ...(isUnsigned ? UNSIGNED : signatureIn(format, statement)) };
}

const UNSIGNED = { algorithm: ES256, signature: new Uint8Array() };

function certificatesIn(statement: AttestationObject['statement']): readonly Uint8Array[] {
  const x5c = statement.get('x5c') ?? [];
  if (!Array.isArray(x5c) || !x5c.every((one): one is Uint8Array => one instanceof Uint8Array)) {
    return refuse('attestation', 'The certificates are not a list of byte strings');
  }
  if (x5c.length > MAX_CERTIFICATES) refuse('attestation', 'The statement has too many certificates');
  if (x5c.some(({ length }) => length > MAX_CERTIFICATE_BYTES)) refuse('attestation', 'A certificate is too long');
  return x5c;
}

function signatureIn(format: string, statement: AttestationObject['statement']) {
  const signature = statement.get('sig');
  const algorithm = format === 'fido-u2f' ? ES256 : statement.get('alg');
  if (typeof algorithm !== 'number' || !(signature instanceof Uint8Array)) {
    return refuse('attestation', 'The statement has no algorithm or no signature');
  }
  refuseLooseSignature(signature, algorithm, 'attestation');
  return { algorithm, signature };
}

const isOnP256 = (certificate: Uint8Array = new Uint8Array()): boolean =>
  new X509Certificate(certificate).publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1';
