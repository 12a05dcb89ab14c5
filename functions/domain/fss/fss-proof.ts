import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { ApiKey } from '../../table/api-keys.ts';
import { isSecret } from '../ids.ts';
import { canonicalBytes } from './canonical-bytes.ts';
import { isLiveNonce } from './fss-nonce.ts';
import { isNear } from './is-near.ts';

/** How the caller of a call in the FSS format proves who it is: the values of its headers. */
export interface FssProof {
  readonly rpId: string | undefined;
  readonly apiAuthId: string | undefined;
  readonly accessKey: string | undefined;
  readonly requestTime: string | undefined;
  readonly nonce: string | undefined;
  readonly bodyHash: string | undefined;
  readonly signature: string | undefined;
}

/** An API key as a process remembers it. */
export interface FssKey {
  readonly apiKey: ApiKey;
  /** The public key of a signature type. */
  readonly publicKey: KeyObject | undefined;
}

/** A proof that is right. If it is a signature, `message` identifies what was signed, for one use. */
export interface Proved {
  readonly message: string | undefined;
}

type ProofServices = Parameters<typeof isLiveNonce>[0];

/** Converts an API key to the form in which a process remembers it. */
export function fssKeyOf(apiKey: ApiKey): FssKey {
  const publicKey =
    'publicKey' in apiKey
      ? createPublicKey({ key: Buffer.from(apiKey.publicKey, 'base64url'), format: 'der', type: 'spki' })
      : undefined;
  return { apiKey, publicKey };
}

/**
 * Checks that the caller has an API key. The type of the key alone decides which headers count. Returns undefined if
 * the proof is wrong. Does not look at earlier uses of a signed message: the message may be written only after this
 * check, so that strangers cause no writes.
 */
export async function checkFssProof(
  services: ProofServices,
  { apiKey, publicKey }: FssKey,
  proof: FssProof,
  body: Uint8Array,
  now: number,
): Promise<Proved | undefined> {
  switch (apiKey.type) {
    case 'bearer':
      return undefined;
    case 'access-key':
      return isSecret(proof.accessKey ?? '', apiKey.accessKeySha256) ? { message: undefined } : undefined;
    case 'date-signature': {
      const { requestTime = '' } = proof;
      const isTimely = ISO_TIME.test(requestTime) && isNear(Date.parse(requestTime), now);
      const bodyHash = isTimely && publicKey ? signedHashOf(publicKey, requestTime, proof, body) : undefined;
      return bodyHash && { message: messageOf('date', apiKey.keyId, requestTime, bodyHash.toString('base64url')) };
    }
    case 'nonce-signature': {
      const { nonce = '' } = proof;
      const isSigned = publicKey && signedHashOf(publicKey, nonce, proof, body) !== undefined;
      // A nonce is used up by any body.
      return isSigned && (await isLiveNonce(services, nonce, now)) ? { message: messageOf('nonce', nonce) } : undefined;
    }
  }
}

/** ISO 8601 with a time zone. Some senders leave out the fraction of a second, or send more than 3 digits. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * Returns the SHA-256 of the body if the header contains it too, and the signature is one over `salt`, which is the
 * time or the nonce, followed by the hash. Returns undefined otherwise.
 */
function signedHashOf(
  publicKey: KeyObject,
  salt: string,
  { bodyHash, signature }: FssProof,
  body: Uint8Array,
): Buffer | undefined {
  const claimed = canonicalBytes(bodyHash ?? '', HASH_BYTES);
  const signed = canonicalBytes(signature ?? '', SIGNATURE_BYTES);
  const hash = createHash('sha256').update(body).digest();
  if (!claimed?.equals(hash) || !signed) return undefined;
  const content = Buffer.concat([Buffer.from(salt), hash]);
  return verify('sha256', content, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signed) ? hash : undefined;
}

/** Returns a text that identifies a signed message, from the parts of the message. It is the same for any signature. */
const messageOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
