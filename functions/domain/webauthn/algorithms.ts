/** The signature algorithms that a credential may use: ES256, EdDSA and RS256, by their COSE numbers. Most use the first. */
export const ALGORITHMS = [-7, -8, -257];
