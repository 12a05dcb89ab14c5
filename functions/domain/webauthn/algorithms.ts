/**
 * The signature algorithms that a credential may use, as COSE numbers: ES256, EdDSA and RS256. Most credentials use
 * ES256.
 */
export const ALGORITHMS = [-7, -8, -257];
