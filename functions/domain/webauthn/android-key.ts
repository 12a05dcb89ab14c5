import { X509Certificate } from 'node:crypto';
import { AsnParser } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import { id_ce_keyDescription, KeyDescription } from '@peculiar/asn1-android';
import type { CheckedKey } from './public-key.ts';
import { refuse } from './refusal.ts';
import { isSignedBy } from './signature.ts';
import type { Statement } from './statement.ts';

/** Values of Android's key attestation: `KM_ORIGIN_GENERATED`, `KM_PURPOSE_SIGN` and `KM_PURPOSE_VERIFY`. */
const GENERATED = 0;
const [SIGN, VERIFY] = [2, 3];

/**
 * Verifies an attestation statement of the format `android-key` (WebAuthn, 8.4). Refuses a statement that is not valid.
 * Throws when the certificate cannot be parsed.
 *
 * SimpleWebAuthn does not verify this format here, for three reasons. It takes the last certificate for the root, and
 * so refuses a statement with the leaf only. It fetches the revocation lists that the certificates name. And it checks
 * neither the origin nor the purpose of the key.
 */
export function verifyAndroidKey(
  { algorithm, signature, certificates: [leaf] }: Statement,
  { authData, clientDataHash }: { readonly authData: Uint8Array; readonly clientDataHash: Uint8Array },
  credential: CheckedKey,
): void {
  if (!leaf) return refuse('attestation', 'The statement has no certificate');
  if (algorithm !== credential.algorithm) refuse('attestation', 'The algorithm is not that of the public key');
  if (!new X509Certificate(leaf).publicKey.equals(credential.key)) {
    refuse('attestation', 'The certificate is for another public key');
  }
  if (!isSignedBy(credential, Buffer.concat([authData, clientDataHash]), signature)) {
    refuse('attestation', 'The signature of the statement is not valid');
  }
  checkDescription(keyDescriptionIn(leaf), clientDataHash);
}

function keyDescriptionIn(certificate: Uint8Array): KeyDescription {
  const { extensions } = AsnParser.parse(certificate, Certificate).tbsCertificate;
  const extension = extensions?.find(({ extnID }) => extnID === id_ce_keyDescription);
  if (!extension) return refuse('attestation', 'The certificate does not describe the key');
  return AsnParser.parse(extension.extnValue, KeyDescription);
}

/**
 * Refuses the description of a key that was not created for this ceremony, in the device, for signing, and for one
 * application. A description has a list of what the secure environment enforces, and a list of what the operating
 * system enforces. A value may be in either list: whether the key must be in the secure environment is a matter of
 * trust.
 */
function checkDescription(
  { attestationChallenge, teeEnforced, softwareEnforced }: KeyDescription,
  clientDataHash: Uint8Array,
): void {
  if (!Buffer.from(clientDataHash).equals(new Uint8Array(attestationChallenge.buffer))) {
    refuse('attestation', 'The certificate belongs to another ceremony');
  }
  const lists = [teeEnforced, softwareEnforced];
  if (lists.some(({ allApplications }) => allApplications !== undefined)) {
    refuse('attestation', 'Every application of the device can use the key');
  }
  const origins = lists.flatMap(({ origin }) => origin ?? []);
  if (origins.length === 0 || origins.some((origin) => origin !== GENERATED)) {
    refuse('attestation', 'The key was not created in the device');
  }
  const purposes = new Set(lists.flatMap(({ purpose }) => (purpose ? [...purpose] : [])));
  if (!purposes.has(SIGN) || [...purposes].some((purpose) => purpose !== SIGN && purpose !== VERIFY)) {
    refuse('attestation', 'The key is not only for signatures');
  }
}
