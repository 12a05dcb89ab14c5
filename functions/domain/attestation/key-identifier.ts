import { createHash } from 'node:crypto';
import { parseCertificate } from './certificate-path.ts';
import { TAG, valuesIn } from './der.ts';

/**
 * Returns the identifier of a certificate's public key. Metadata names an authenticator without an AAGUID by this
 * identifier: the SHA-1 of the key, as 40 hexadecimal digits (RFC 5280, section 4.2.1.2, method 1). Returns undefined
 * if the bytes are not a certificate in DER, or if OpenSSL does not know the kind of its key.
 */
export function keyIdentifierOf(certificate: Uint8Array): string | undefined {
  const [info] = valuesIn(publicKeyOf(certificate) ?? new Uint8Array());
  const bits = valuesIn(info?.content ?? new Uint8Array()).find(({ tag }) => tag === TAG.bitString);
  // The first byte of a bit string says how many of its last bits are unused.
  return bits && createHash('sha1').update(bits.content.subarray(1)).digest('hex');
}

function publicKeyOf(certificate: Uint8Array): Uint8Array | undefined {
  try {
    return parseCertificate(certificate)?.publicKey.export({ type: 'spki', format: 'der' });
  } catch {
    return undefined;
  }
}
