import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { decodeCbor } from './cbor.ts';

const CURVES: Readonly<Record<number, string>> = { 1: 'P-256', 2: 'P-384', 3: 'P-521', 6: 'Ed25519' };

/**
 * Converts the public key of a credential from COSE form (RFC 9053, RFC 8230) to SubjectPublicKeyInfo (DER, RFC 5280),
 * as base64url. Most programming languages can import this form. The key must have passed `refuseMalformedKey`.
 */
export function spkiOf(publicKey: Uint8Array): string {
  const key = decodeCbor(publicKey) as ReadonlyMap<number, unknown>;
  return createPublicKey({ key: jwkOf(key), format: 'jwk' })
    .export({ type: 'spki', format: 'der' })
    .toString('base64url');
}

function jwkOf(key: ReadonlyMap<number, unknown>): JsonWebKey {
  const text = (label: number) => Buffer.from(key.get(label) as Uint8Array).toString('base64url');
  const crv = CURVES[key.get(-1) as number];
  switch (key.get(1)) {
    case 1:
      return { kty: 'OKP', ...(crv !== undefined && { crv }), x: text(-2) };
    case 2:
      return { kty: 'EC', ...(crv !== undefined && { crv }), x: text(-2), y: text(-3) };
    default:
      return { kty: 'RSA', n: text(-1), e: text(-2) };
  }
}
