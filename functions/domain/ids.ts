import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { customAlphabet, nanoid } from 'nanoid';

/** 20 letters and digits: 103 bits, so that IDs neither collide nor can be guessed. */
const letters = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 20);

export type IdPrefix = 'cus' | 'adm' | 'rp' | 'key' | 'mail';
/** Makes an ID, such as `cus_2b0k…`. */
export const newId = (prefix: IdPrefix) => `${prefix}_${letters()}`;

/** Makes a secret of 256 bits. Its prefix tells sessions, links and API keys apart, also to scanners for leaked secrets. */
export const newSecret = (prefix: 'ses' | 'lnk') => `${prefix}_${nanoid(43)}`;

/** Makes the challenge of a passkey ceremony: 256 bits, as base64url. */
export const newChallenge = () => randomBytes(32).toString('base64url');

/** Gives the ID of a passkey: the SHA-256 of its credential ID, which has up to 1,023 bytes. */
export const passkeyIdOf = (credentialId: string) =>
  createHash('sha256').update(Buffer.from(credentialId, 'base64url')).digest('base64url');

/** An API key is `fido2_<key ID without its prefix>_<secret>`: the ID finds it, the secret proves it. */
export function newApiKey(): { keyId: string; apiKey: string; secretSha256: string } {
  const id = letters();
  const secret = nanoid(43);
  return { keyId: `key_${id}`, apiKey: `fido2_${id}_${secret}`, secretSha256: sha256(secret) };
}

/** Takes an API key apart. Undefined for anything that is none by its form. */
export function parseApiKey(apiKey: string): { keyId: string; secret: string } | undefined {
  const [, id, secret] = /^fido2_([0-9a-z]{20})_([\w-]{43})$/.exec(apiKey) ?? [];
  return id !== undefined && secret !== undefined ? { keyId: `key_${id}`, secret } : undefined;
}

/** Whether a secret is the one with that hash, in the same time wherever they differ. */
export function isSecret(secret: string, secretSha256: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(secret), 'hex'), Buffer.from(secretSha256, 'hex'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
