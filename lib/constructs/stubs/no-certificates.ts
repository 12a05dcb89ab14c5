/**
 * Replaces the packages with which SimpleWebAuthn verifies the certificates of passkeys. These packages would make up a
 * sixth of a bundle. The functions do not need them, because the route `add-passkey` removes a passkey's certificates
 * before it calls SimpleWebAuthn.
 */
const Certificates = function () {
  throw new Error('Nothing here verifies certificates.');
};

export {
  // @peculiar/x509
  Certificates as AuthorityKeyIdentifierExtension,
  Certificates as CRLDistributionPointsExtension,
  Certificates as SubjectKeyIdentifierExtension,
  Certificates as X509Certificate,
  Certificates as X509ChainBuilder,
  Certificates as X509Crl,
  // @peculiar/asn1-android
  Certificates as KeyDescription,
};
export const id_ce_keyDescription = undefined;
