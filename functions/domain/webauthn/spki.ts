import { ALGORITHMS } from './algorithms.ts';
import { checkPublicKey, coordinatesIn } from './public-key.ts';

/**
 * The DER that precedes the coordinates of a public key, by the COSE number of the algorithm. It names the type of the
 * key and its curve (RFC 5480, RFC 8410).
 */
const HEADS: Readonly<Record<number, string>> = {
  [-7]: '3059301306072a8648ce3d020106082a8648ce3d03010703420004',
  [-35]: '3076301006072a8648ce3d020106052b8104002203620004',
  [-36]: '30819b301006072a8648ce3d020106052b810400230381860004',
  [-8]: '302a300506032b6570032100',
};

/**
 * Converts the public key of a credential from COSE form to SubjectPublicKeyInfo (DER, RFC 5280), as base64url. Most
 * programming languages can import this form. The key must have passed `checkPublicKey`.
 *
 * Every sign-in returns the key in this form. So the function writes the DER of a key on a curve itself: if Node.js
 * imported the key and exported it again, this would take as long as the verification of the signature.
 */
export function spkiOf(publicKey: Uint8Array): string {
  const { algorithm, coordinates } = coordinatesIn(publicKey);
  const head = HEADS[algorithm];
  const der =
    head === undefined
      ? checkPublicKey(publicKey, ALGORITHMS).key.export({ type: 'spki', format: 'der' })
      : Buffer.concat([Buffer.from(head, 'hex'), ...coordinates]);
  return der.toString('base64url');
}
