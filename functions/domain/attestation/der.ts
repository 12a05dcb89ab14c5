/**
 * Reads DER, the encoding of certificates, where `node:crypto` does not offer a value. Every value that this file reads
 * is part of a certificate or a public key that `node:crypto` has parsed before.
 */

/** One value in DER: its tag and its content. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The tags of the values that certificates contain. */
export const TAG = { integer: 2, bitString: 3, octetString: 4, objectIdentifier: 6, extensions: 0xa3 } as const;

/**
 * Returns the values that stand one after another in DER. For example, `valuesIn(certificate)` returns one value, the
 * sequence of the certificate, and `valuesIn` of its content returns the three values in this sequence. Throws
 * `RangeError` if a value is longer than the bytes that are left.
 */
export function valuesIn(der: Uint8Array): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < der.length;) {
    const tag = byteAt(der, at);
    const { length, start } = lengthAt(der, at + 1);
    if (start + length > der.length) throw new RangeError('The DER value is cut off');
    values.push({ tag, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}

/** Returns the length of the content that begins at `start`. A length above 127 has its own length in front. */
function lengthAt(der: Uint8Array, at: number): { length: number; start: number } {
  const first = byteAt(der, at);
  if (first < 0x80) return { length: first, start: at + 1 };
  const bytes = first & 0x7f;
  let length = 0;
  for (let index = 1; index <= bytes; index += 1) length = length * 256 + byteAt(der, at + index);
  return { length, start: at + 1 + bytes };
}

function byteAt(der: Uint8Array, at: number): number {
  const byte = der[at];
  if (byte === undefined) throw new RangeError('The DER value is cut off');
  return byte;
}
