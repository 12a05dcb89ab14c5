/**
 * Replaces the package `@peculiar/asn1-android`, with which a verification reads the certificates of `android-key`. The
 * console's functions do not need it, because the route `add-passkey` removes a passkey's certificates before the
 * verification.
 */
const Certificates = function () {
  throw new Error('Nothing here verifies certificates.');
};

export { Certificates as KeyDescription };
export const id_ce_keyDescription = undefined;
