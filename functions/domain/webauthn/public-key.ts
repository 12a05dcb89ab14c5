import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { refuse } from './refusal.ts';

/** The members of a COSE key, by the labels that RFC 9053 assigns. */
type CoseKey = ReadonlyMap<number, unknown>;
const KEY_TYPE = 1;
const ALGORITHM = 3;
const ELLIPTIC = { curve: -1, x: -2, y: -3 } as const;
/** RFC 8230. */
const RSA = { modulus: -1, exponent: -2 } as const;

/** The smallest and the largest RSA modulus that a passkey may have, in bits. */
const RSA_BITS = { min: 2_048, max: 4_096 };
/** The largest RSA exponent, in bytes. Passkeys have the exponent 65537, which takes 3 bytes. */
const MAX_EXPONENT_BYTES = 4;

/**
 * Refuses a public key in COSE form that is malformed or too weak. WebAuthn (5.8.5) requires that the key type and the
 * curve match the algorithm. SimpleWebAuthn does not check this when a passkey is registered. Does nothing for an
 * algorithm that the service does not offer, because SimpleWebAuthn refuses such an algorithm.
 */
export function refuseMalformedKey(publicKey: Uint8Array): void {
  const key = isoCBOR.decodeFirst<CoseKey>(new Uint8Array(publicKey));
  switch (key.get(ALGORITHM)) {
    case -7:
      expectType(key, { kty: 2, crv: 1 }, 'ES256');
      refuseUnreadable({
        kty: 'EC',
        crv: 'P-256',
        x: coordinate(key, ELLIPTIC.x),
        y: coordinate(key, ELLIPTIC.y),
      });
      break;
    case -8:
      expectType(key, { kty: 1, crv: 6 }, 'EdDSA');
      refuseUnreadable({ kty: 'OKP', crv: 'Ed25519', x: coordinate(key, ELLIPTIC.x) });
      break;
    case -257:
      expectType(key, { kty: 3 }, 'RS256');
      refuseWeakRsa(bytesOf(key, RSA.modulus), bytesOf(key, RSA.exponent));
  }
}

function expectType(key: CoseKey, { kty, crv }: { kty: number; crv?: number }, algorithm: string): void {
  const isRight = key.get(KEY_TYPE) === kty && (crv === undefined || key.get(ELLIPTIC.curve) === crv);
  if (!isRight) refuse('public-key', `The key type or the curve does not match ${algorithm}`);
}

/** Returns the bytes of a member of a key. Refuses a key without this member. */
function bytesOf(key: CoseKey, label: number): Uint8Array {
  const value = key.get(label);
  return value instanceof Uint8Array ? value : refuse('public-key', `The key has no bytes at label ${label}`);
}

/** Returns a coordinate of a P-256 or Ed25519 key as base64url. Refuses a coordinate that has not exactly 32 bytes. */
function coordinate(key: CoseKey, label: number): string {
  const bytes = bytesOf(key, label);
  if (bytes.length !== 32) refuse('public-key', `The coordinate at label ${label} has ${bytes.length} bytes`);
  return Buffer.from(bytes).toString('base64url');
}

/** Refuses a key that Node.js cannot read, for example because its point is not on the curve. */
function refuseUnreadable(key: JsonWebKey): void {
  try {
    createPublicKey({ key, format: 'jwk' });
  } catch {
    refuse('public-key', 'The point of the key is not on the curve');
  }
}

/**
 * Refuses an RSA key whose modulus is too short or too long, or whose exponent allows forgeries. With the exponent 1,
 * anybody can compute a signature that a verifier accepts. An even number is neither a modulus nor an exponent of RSA.
 */
function refuseWeakRsa(modulus: Uint8Array, exponent: Uint8Array): void {
  const bits = bitsOf(modulus);
  if (bits < RSA_BITS.min || bits > RSA_BITS.max) refuse('public-key', `The RSA modulus has ${bits} bits`);
  if (isEven(modulus)) refuse('public-key', 'The RSA modulus is even');
  const exponentBits = bitsOf(exponent);
  if (exponentBits < 2 || exponentBits > 8 * MAX_EXPONENT_BYTES || isEven(exponent)) {
    refuse('public-key', 'The RSA exponent is even, is 1 or is too long');
  }
}

/** Returns the number of bits of an unsigned big-endian number, without leading zeros. */
function bitsOf(number: Uint8Array): number {
  const first = number.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : 8 * (number.length - first) - (Math.clz32(number[first] ?? 0) - 24);
}

const isEven = (number: Uint8Array): boolean => ((number.at(-1) ?? 0) & 1) === 0;
