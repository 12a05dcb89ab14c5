import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { decodeCbor, isShortestCbor } from './cbor.ts';
import { refuse, refusing } from './refusal.ts';

/** The members of a COSE key, by the labels that RFC 9053 assigns. */
type CoseKey = ReadonlyMap<unknown, unknown>;
const KEY_TYPE = 1;
const ALGORITHM = 3;
const ELLIPTIC = { curve: -1, x: -2, y: -3 } as const;
/** RFC 8230. */
const RSA = { modulus: -1, exponent: -2 } as const;

/** The key types (RFC 9053). */
const [OKP, EC2, RSA_TYPE] = [1, 2, 3];

/**
 * The curve that WebAuthn (5.8.5) requires for each algorithm of an EC2 key, and the length of a coordinate in bytes.
 */
const CURVES: Readonly<Record<number, { readonly curve: number; readonly name: string; readonly bytes: number }>> = {
  [-7]: { curve: 1, name: 'P-256', bytes: 32 },
  [-35]: { curve: 2, name: 'P-384', bytes: 48 },
  [-36]: { curve: 3, name: 'P-521', bytes: 66 },
};
const ED25519 = { curve: 6, name: 'Ed25519', bytes: 32 } as const;

/** The smallest and the largest RSA modulus that a passkey may have, in bits. */
const RSA_BITS = { min: 2_048, max: 4_096 };
/** The largest RSA exponent, in bytes. Passkeys have the exponent 65537, which takes 3 bytes. */
const MAX_EXPONENT_BYTES = 4;

/** A public key that passed the checks. */
export interface CheckedKey {
  /** The COSE number of the algorithm. */
  readonly algorithm: number;
  readonly key: KeyObject;
}

/**
 * Checks a public key in COSE form. Refuses a key with another algorithm than `algorithms`, and a key that is malformed
 * or too weak. WebAuthn (5.8.5) requires that the key type and the curve match the algorithm. SimpleWebAuthn does not
 * check this.
 */
export function checkPublicKey(publicKey: Uint8Array, algorithms: readonly number[]): CheckedKey {
  const key = coseKeyIn(publicKey);
  const algorithm = key.get(ALGORITHM);
  if (typeof algorithm !== 'number' || !algorithms.includes(algorithm)) {
    return refuse('algorithm', 'The RP does not allow the algorithm of the public key');
  }
  return { algorithm, key: keyObject(key, algorithm) };
}

/**
 * Refuses a public key whose encoding is not the one that WebAuthn (6.5.1.1) and CTAP2 require of an authenticator: the
 * shortest CBOR, and no optional members. The key must have passed `checkPublicKey`.
 */
export function refuseLooseEncoding(publicKey: Uint8Array): void {
  const key = coseKeyIn(publicKey);
  const members = key.get(KEY_TYPE) === EC2 ? 5 : 4;
  if (key.size !== members) refuse('public-key', 'The key has members that WebAuthn does not allow');
  if (!isShortestCbor(publicKey, new Map(key) as Parameters<typeof isShortestCbor>[1])) {
    refuse('public-key', 'The encoding of the key is not the shortest one');
  }
}

/** Returns the algorithm and the coordinates of a public key in COSE form that passed `checkPublicKey`. */
export function coordinatesIn(publicKey: Uint8Array): { algorithm: number; coordinates: Uint8Array[] } {
  const key = coseKeyIn(publicKey);
  const members = [key.get(ELLIPTIC.x), key.get(ELLIPTIC.y)];
  return {
    algorithm: Number(key.get(ALGORITHM)),
    coordinates: members.filter((member) => member instanceof Uint8Array),
  };
}

function coseKeyIn(publicKey: Uint8Array): CoseKey {
  const key = refusing('public-key', () => decodeCbor(publicKey));
  return key instanceof Map ? key : refuse('public-key', 'The key is no map');
}

/** Returns the key for `node:crypto`. Refuses a malformed or weak key. */
function keyObject(key: CoseKey, algorithm: number): KeyObject {
  const curve = CURVES[algorithm];
  if (curve) {
    expectType(key, EC2, curve.curve);
    const [x, y] = [coordinate(key, ELLIPTIC.x, curve.bytes), coordinate(key, ELLIPTIC.y, curve.bytes)];
    return readKey({ kty: 'EC', crv: curve.name, x, y });
  }
  if (algorithm === -8) {
    expectType(key, OKP, ED25519.curve);
    return readKey({ kty: 'OKP', crv: ED25519.name, x: coordinate(key, ELLIPTIC.x, ED25519.bytes) });
  }
  if (algorithm !== -257) return refuse('algorithm', 'The service does not support the algorithm of the public key');
  expectType(key, RSA_TYPE);
  const [modulus, exponent] = [bytesOf(key, RSA.modulus), bytesOf(key, RSA.exponent)];
  refuseWeakRsa(modulus, exponent);
  return readKey({ kty: 'RSA', n: base64url(modulus), e: base64url(exponent) });
}

function expectType(key: CoseKey, type: number | undefined, curve?: number): void {
  const isRight = key.get(KEY_TYPE) === type && (curve === undefined || key.get(ELLIPTIC.curve) === curve);
  if (!isRight) refuse('public-key', 'The key type or the curve does not match the algorithm');
}

/** Returns the bytes of a member of a key. Refuses a key without this member. */
function bytesOf(key: CoseKey, label: number): Uint8Array {
  const value = key.get(label);
  return value instanceof Uint8Array ? value : refuse('public-key', `The key has no bytes at label ${label}`);
}

/** Returns a coordinate of a key as base64url. Refuses a coordinate that has not exactly `length` bytes. */
function coordinate(key: CoseKey, label: number, length: number): string {
  const bytes = bytesOf(key, label);
  if (bytes.length !== length) refuse('public-key', `The coordinate at label ${label} has ${bytes.length} bytes`);
  return base64url(bytes);
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Refuses a key that Node.js cannot read, for example because its point is not on the curve. */
function readKey(key: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    return refuse('public-key', 'The point of the key is not on the curve');
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
