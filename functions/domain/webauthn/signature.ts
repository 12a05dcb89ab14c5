import { verify } from 'node:crypto';
import type { CheckedKey } from './public-key.ts';
import { refuse, type Step } from './refusal.ts';

/** The hash of each algorithm, by its COSE number. EdDSA hashes the data itself. */
const HASHES: Readonly<Record<number, string>> = { [-7]: 'sha256', [-35]: 'sha384', [-36]: 'sha512', [-257]: 'sha256' };

/** Returns whether `signature` is the signature of `data` by the owner of a key. */
export const isSignedBy = ({ algorithm, key }: CheckedKey, data: Uint8Array, signature: Uint8Array): boolean =>
  verify(HASHES[algorithm] ?? null, data, key, signature);

/** The ECDSA algorithms, and the length in bytes of a number in their signatures. */
const ECDSA: Readonly<Record<number, number>> = { [-7]: 32, [-35]: 48, [-36]: 66 };

/**
 * Refuses an ECDSA signature that is not encoded in DER (WebAuthn, 6.5.5), for example because other bytes follow the
 * signature. Several verifiers ignore such bytes. Does nothing if `algorithm`, a COSE number, is not an ECDSA
 * algorithm.
 */
export function refuseLooseSignature(signature: Uint8Array, algorithm: number, step: Step): void {
  const length = ECDSA[algorithm];
  if (length !== undefined && !isDer(signature, length)) refuse(step, 'The signature is not encoded in DER');
}

/** Returns whether `bytes` are the DER encoding of two positive integers of at most `length` bytes. */
function isDer(bytes: Uint8Array, length: number): boolean {
  const integers = bytes.subarray(bytes[1] === LONG ? 3 : 2);
  const r = integers.subarray(2, 2 + (integers[1] ?? 0));
  const s = integers.subarray(4 + r.length);
  return [r, s].every((integer) => isPositive(integer, length)) && derOf(r, s).equals(bytes);
}

const [SEQUENCE, INTEGER] = [0x30, 0x02];
/** The byte before a length of 128 to 255 bytes. Only signatures on P-521 are so long. */
const LONG = 0x81;

function derOf(r: Uint8Array, s: Uint8Array): Buffer {
  const content = [INTEGER, r.length, ...r, INTEGER, s.length, ...s];
  return Buffer.from([SEQUENCE, ...(content.length < 0x80 ? [] : [LONG]), content.length, ...content]);
}

/** Returns whether a DER integer is positive, has at most `length` bytes, and has no needless leading zero. */
function isPositive(integer: Uint8Array, length: number): boolean {
  const [first = 0x80, second = 0] = integer;
  if (first >= 0x80) return false;
  return integer.length <= (first === 0 ? length + 1 : length) && (first !== 0 || second >= 0x80);
}
