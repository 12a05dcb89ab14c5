import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { ALGORITHMS } from './algorithms.ts';
import { encodeCborMap } from './cbor.ts';
import { checkPublicKey } from './public-key.ts';
import { refuse, refusing } from './refusal.ts';
import { spkiOf } from './spki.ts';

/** The algorithm and the COSE curve of a key on a curve, by the name of the curve (RFC 9053). */
const CURVES: Readonly<Record<string, { readonly algorithm: number; readonly curve: number }>> = {
  'P-256': { algorithm: -7, curve: 1 },
  'P-384': { algorithm: -35, curve: 2 },
  'P-521': { algorithm: -36, curve: 3 },
  Ed25519: { algorithm: -8, curve: 6 },
};

/**
 * Converts a public key from SubjectPublicKeyInfo (DER, base64url) to COSE form, in the encoding that CTAP2 requires of
 * authenticators. Refuses a key that no credential may have (see `checkPublicKey`), and DER that is not the one
 * encoding of its key.
 */
export function coseOf(spki: string): Uint8Array {
  const jwk = refusing('public-key', () =>
    createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' }).export({ format: 'jwk' }),
  );
  const publicKey = encodeCborMap(membersOf(jwk));
  checkPublicKey(publicKey, ALGORITHMS);
  if (spkiOf(publicKey) !== spki) refuse('public-key', 'The public key is not in DER');
  return publicKey;
}

/** Returns the members of a COSE key, in the order that CTAP2 requires. */
function membersOf({ kty, crv = '', x = '', y, n = '', e = '' }: JsonWebKey): Map<number, number | Uint8Array> {
  if (kty === 'RSA') {
    return new Map<number, number | Uint8Array>([
      [1, 3],
      [3, -257],
      [-1, bytesOf(n)],
      [-2, bytesOf(e)],
    ]);
  }
  const known = CURVES[crv] ?? refuse('public-key', 'The service does not support the curve of the public key');
  return new Map<number, number | Uint8Array>([
    [1, y === undefined ? 1 : 2],
    [3, known.algorithm],
    [-1, known.curve],
    [-2, bytesOf(x)],
    ...(y === undefined ? [] : [[-3, bytesOf(y)] as const]),
  ]);
}

const bytesOf = (base64url: string): Uint8Array => new Uint8Array(Buffer.from(base64url, 'base64url'));
