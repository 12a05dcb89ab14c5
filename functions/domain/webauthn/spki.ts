import { ALGORITHMS } from './algorithms.ts';
import { checkPublicKey } from './public-key.ts';

/**
 * Converts the public key of a credential from COSE form to SubjectPublicKeyInfo (DER, RFC 5280), as base64url. Most
 * programming languages can import this form.
 */
export const spkiOf = (publicKey: Uint8Array): string =>
  checkPublicKey(publicKey, ALGORITHMS).key.export({ type: 'spki', format: 'der' }).toString('base64url');
