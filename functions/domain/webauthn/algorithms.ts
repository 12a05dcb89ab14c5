/**
 * The signature algorithms that a credential may use, as COSE numbers: ES256, EdDSA (Ed25519), ES384, ES512 and RS256.
 * The order is the order of preference: WebAuthn tells the authenticator to use the first one that it supports. Nearly
 * every authenticator supports ES256, and RSA keys are large.
 */
export const ALGORITHMS: readonly number[] = [-7, -8, -35, -36, -257];
