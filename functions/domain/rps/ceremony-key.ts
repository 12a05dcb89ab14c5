import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';

/**
 * The name of the format in which an RP's server begins authentications without a call. It separates the keys and
 * signatures of this format from all others.
 */
export const RP_CEREMONY = 'fido2-server-service ceremony 2';

/** The DER before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Returns the public key (Ed25519, 32 bytes as base64url) that checks the ceremonies which an RP's server begins with
 * an API key. HKDF-SHA-256 derives the private key from the API key's secret, so the RP's server computes the same key
 * pair. The service keeps the public key only, so nobody can forge a ceremony with a copy of the table.
 */
export function ceremonyKeyOf(secret: string): string {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', RP_CEREMONY, 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new Error('The key pair is not an Ed25519 key pair.');
  return x;
}
