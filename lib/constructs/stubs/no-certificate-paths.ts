/**
 * Replaces the packages with which SimpleWebAuthn verifies that certificates lead to a root, and that no list revokes
 * them. SimpleWebAuthn uses these packages only for formats that have roots, and the service removes all roots: its own
 * code judges the paths of certificates.
 */
const CertificatePaths = function () {
  throw new Error('Nothing here verifies certificate paths.');
};

// The exports of @peculiar/x509. SimpleWebAuthn imports reflect-metadata without a name.
export {
  CertificatePaths as AuthorityKeyIdentifierExtension,
  CertificatePaths as CRLDistributionPointsExtension,
  CertificatePaths as SubjectKeyIdentifierExtension,
  CertificatePaths as X509Certificate,
  CertificatePaths as X509ChainBuilder,
  CertificatePaths as X509Crl,
};
