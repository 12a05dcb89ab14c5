/**
 * Stands in, in the bundles, for the packages with which SimpleWebAuthn verifies certificates: a sixth of a bundle. What
 * comes with a certificate is refused by `add-passkey` before, here as everywhere.
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
