import { X509Certificate } from 'node:crypto';
import { TAG, valuesIn } from './der.ts';

/**
 * Returns the certificates of the path that leads from a leaf certificate to a trust anchor, the leaf first and the
 * anchor last. Returns undefined if `certificates`, the leaf first, form no such path. `now` is in epoch milliseconds.
 *
 * Each call judges only its arguments. So the anchors of one RP's authenticator or of one BLOB never serve another, and
 * no anchors means no path. Each certificate issues the one before it, as WebAuthn requires of `x5c`. The path ends at
 * the first certificate that an anchor issued, or with the leaf if the leaf is itself an anchor. The certificates after
 * that play no role: an anchor at the end of `x5c`, or the anchor's own certificate by an older root.
 *
 * Every certificate of the path must be valid at `now`, including the anchor. Every certificate between the leaf and
 * the anchor must be a certificate authority's, and may not exceed the path length that an issuer allows. No revocation
 * list takes part: a ceremony must not make the service open an address that a certificate names.
 */
export function pathToAnchor(
  certificates: readonly Uint8Array[],
  anchors: readonly Uint8Array[],
  now: number,
): X509Certificate[] | undefined {
  const valid = (der: Uint8Array) => {
    const certificate = parseCertificate(der);
    return certificate && isValidAt(certificate, now) ? certificate : undefined;
  };
  const usable = anchors.flatMap((anchor) => valid(anchor) ?? []);
  const path: X509Certificate[] = [];
  for (const der of certificates) {
    const certificate = valid(der);
    if (!certificate) return undefined;
    const subject = path.at(-1);
    if (subject && !(certificate.ca && mayIssue(certificate, path))) return undefined;
    path.push(certificate);
    if (!subject && usable.some(({ raw }) => raw.equals(certificate.raw))) return path;
    const anchor = usable.find((issuer) => mayIssue(issuer, path));
    if (anchor) return [...path, anchor];
  }
  return undefined;
}

/** Returns a certificate in DER. Returns undefined if the bytes are anything else, such as a certificate as PEM. */
export function parseCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    return certificate.raw.equals(der) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

const isValidAt = ({ validFromDate, validToDate }: X509Certificate, now: number) =>
  validFromDate.getTime() <= now && now <= validToDate.getTime();

/**
 * Returns whether `issuer` issued the last certificate of a path: the names, the key identifiers and the use of the key
 * match, the signature is right, and the path is not longer than the issuer allows.
 */
function mayIssue(issuer: X509Certificate, path: readonly X509Certificate[]): boolean {
  const subject = path.at(-1);
  // The limit of a path's length does not count the leaf (RFC 5280, section 4.2.1.9).
  const between = path.length - 1;
  try {
    return (
      subject?.checkIssued(issuer) === true &&
      subject.verify(issuer.publicKey) &&
      between <= (pathLengthOf(issuer) ?? Infinity)
    );
  } catch {
    // OpenSSL cannot use the issuer's key.
    return false;
  }
}

/** The object identifier of the extension `basicConstraints`, 2.5.29.19. */
const BASIC_CONSTRAINTS = Buffer.from([0x55, 0x1d, 0x13]);

/**
 * Returns how many certificates may stand between a certificate of an authority and the leaf. Returns undefined if the
 * certificate sets no limit.
 */
function pathLengthOf({ raw }: X509Certificate): number | undefined {
  const [certificate] = valuesIn(raw);
  const [signed] = valuesIn(certificate?.content ?? raw);
  const extensions = valuesIn(signed?.content ?? raw).find(({ tag }) => tag === TAG.extensions);
  const [list] = valuesIn(extensions?.content ?? new Uint8Array());
  for (const extension of valuesIn(list?.content ?? new Uint8Array())) {
    const parts = valuesIn(extension.content);
    if (!parts.some(({ tag, content }) => tag === TAG.objectIdentifier && BASIC_CONSTRAINTS.equals(content))) continue;
    const value = parts.find(({ tag }) => tag === TAG.octetString);
    const [constraints] = valuesIn(value?.content ?? new Uint8Array());
    const limit = valuesIn(constraints?.content ?? new Uint8Array()).find(({ tag }) => tag === TAG.integer);
    return limit?.content.reduce((number, byte) => number * 256 + byte, 0);
  }
  return undefined;
}
