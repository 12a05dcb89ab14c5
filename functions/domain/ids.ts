import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { customAlphabet, nanoid } from 'nanoid';

/**
 * Returns 20 random letters and digits, which have 103 bits of entropy, so that IDs do not collide and cannot be
 * guessed. The mark `PURE` lets the bundles of functions that create no ID omit the package.
 */
const letters = /* @__PURE__ */ customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 20);

export type IdPrefix = 'cus' | 'adm' | 'rp' | 'key' | 'mail' | 'aud' | 'opr' | 'whk' | 'msg';
/** Creates an ID, such as `cus_2b0k…`. */
export const newId = (prefix: IdPrefix) => `${prefix}_${letters()}`;

/** Returns the ID of an e-mail that is computed from a text: the same text always has the same ID. */
export const sameMailId = (text: string) => `mail_${sha256(text)}`;

/**
 * Creates a secret of 256 bits. The prefix tells whether the secret belongs to a session or to a link, of an
 * administrator (`ses`, `lnk`) or of an operator (`ops`, `opl`), and helps scanners recognize leaked secrets.
 */
export const newSecret = (prefix: 'ses' | 'lnk' | 'ops' | 'opl') => `${prefix}_${nanoid(43)}`;

/** Creates the challenge of a passkey ceremony: 256 bits, as base64url. */
export const newChallenge = () => randomBytes(32).toString('base64url');

/**
 * Returns the ID of a passkey: the SHA-256 of its credential ID (both as base64url). A credential ID may have up to
 * 1,023 bytes, and would then be too long for a sort key.
 */
export const passkeyIdOf = (credentialId: string) =>
  createHash('sha256').update(Buffer.from(credentialId, 'base64url')).digest('base64url');

/**
 * Creates an API key of the form `fido2_<key ID without its prefix>_<secret>`. The service finds the API key's item by
 * the key ID, and compares the hash of the secret with the hash in the item.
 */
export function newApiKey(): { keyId: string; apiKey: string; secret: string; secretSha256: string } {
  const id = letters();
  const secret = nanoid(43);
  return { keyId: `key_${id}`, apiKey: `fido2_${id}_${secret}`, secret, secretSha256: sha256(secret) };
}

/** Creates the secret of an API key of the type `access-key`. The prefix helps scanners recognize leaked secrets. */
export function newAccessKey(): { secretKey: string; accessKeySha256: string } {
  const secretKey = `fss_${nanoid(43)}`;
  return { secretKey, accessKeySha256: sha256(secretKey) };
}

/** Returns whether a text has the form of an API key's ID. */
export const isKeyId = (text: string): boolean => /^key_[0-9a-z]{20}$/.test(text);

/**
 * Splits an API key into its ID and its secret. Returns undefined when the text does not have the form of an API key.
 */
export function parseApiKey(apiKey: string): { keyId: string; secret: string } | undefined {
  const [, id, secret] = /^fido2_([0-9a-z]{20})_([\w-]{43})$/.exec(apiKey) ?? [];
  return id !== undefined && secret !== undefined ? { keyId: `key_${id}`, secret } : undefined;
}

/**
 * Returns whether a secret has the given SHA-256 hash (hexadecimal). The comparison takes the same time regardless of
 * where the hashes differ.
 */
export function isSecret(secret: string, secretSha256: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(secret), 'hex'), Buffer.from(secretSha256, 'hex'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
