/**
 * Stands in, in the bundles, for the packages with which SimpleWebAuthn verifies certificates: a fifth of a bundle, and of
 * the time to load it. `add-passkey` refuses whatever comes with a certificate before, here as everywhere.
 */
class Certificates {
  constructor() {
    throw new Error('Nothing here verifies certificates.');
  }
}

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
