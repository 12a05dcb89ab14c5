import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import type { TokenKey } from '../../../table/token-keys.ts';
import type { StageSecrets } from '../sealing/ceremony-secrets.ts';

/**
 * The private key of a token key is in the table only in this form:
 *
 *     nonce (12 bytes) · ciphertext of the private key (PKCS #8) · tag (16 bytes)
 *
 * AES-256-GCM seals it. HKDF derives the sealing key from a secret of the stage and the service's own ID of the RP. The
 * RP and the ID of the key are authenticated. So nobody can sign a token with a copy of the table, and an item that was
 * moved to another RP cannot be opened.
 */
const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A token key whose private key the process has opened. */
export interface OpenTokenKey extends Omit<TokenKey, 'sealed'> {
  readonly privateKey: KeyObject;
}

const sealingKeyOf = (secret: Uint8Array, rpRef: string) =>
  new Uint8Array(hkdfSync('sha256', secret, '', `token key ${FORMAT} ${rpRef}`, 32));
const authenticatedData = (rpRef: string, kid: string) => Buffer.from(`${rpRef} ${kid}`);

/** Generates a key that signs from `signsFrom` on, in epoch milliseconds. */
export function newTokenKey(signsFrom: number): OpenTokenKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  // RFC 7638 says which members the thumbprint covers, and their order.
  const members = JSON.stringify({ crv: 'P-256', kty: 'EC', x, y });
  return { kid: createHash('sha256').update(members).digest('base64url'), x, y, signsFrom, privateKey };
}

/** Returns a key as the table stores it. */
export function sealTokenKey(secret: Uint8Array, rpRef: string, { privateKey, ...key }: OpenTokenKey): TokenKey {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealingKeyOf(secret, rpRef), nonce);
  cipher.setAAD(authenticatedData(rpRef, key.kid));
  const sealed = cipher.update(privateKey.export({ format: 'der', type: 'pkcs8' }));
  return { ...key, sealed: Buffer.concat([nonce, sealed, cipher.final(), cipher.getAuthTag()]) };
}

/**
 * Opens a key with the first of the secrets that fits. Returns undefined if none does. `isNewest` says whether the
 * newest secret sealed the key.
 */
export function openTokenKey(
  secrets: StageSecrets,
  rpRef: string,
  { sealed: bytes = Buffer.alloc(0), ...key }: TokenKey,
): { key: OpenTokenKey; isNewest: boolean } | undefined {
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
  for (const [index, secret] of secrets.entries()) {
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', sealingKeyOf(secret, rpRef), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(authenticatedData(rpRef, key.kid));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const der = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      return { key: { ...key, privateKey }, isNewest: index === 0 };
    } catch {
      // Another secret may have sealed the key.
    }
  }
  return undefined;
}
