import { beforeAll, describe, expect, it } from 'vitest';
import { pathToAnchor } from '../../functions/domain/attestation/certificate-path.ts';
import { keyIdentifierOf } from '../../functions/domain/attestation/key-identifier.ts';
import { createCertificate, type TestCertificate } from '../support/fido2/certificates.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
let root: TestCertificate;
let authority: TestCertificate;
let leaf: TestCertificate;

beforeAll(async () => {
  root = await createCertificate({ name: 'Root' });
  authority = await createCertificate({ name: 'Authority', issuer: root, ca: true });
  leaf = await createCertificate({ name: 'Leaf', issuer: authority });
});

/** Returns the common names of the path from the certificates to an anchor, undefined if there is no path. */
function namesOf(certificates: readonly TestCertificate[], anchors: readonly TestCertificate[], now = NOW) {
  const ders = (list: readonly TestCertificate[]) => list.map(({ der }) => der);
  return pathToAnchor(ders(certificates), ders(anchors), now)?.map(({ subject }) => subject);
}

describe('a path of certificates', () => {
  it('leads from the leaf over an authority to the anchor', () => {
    expect(namesOf([leaf, authority], [root])).toEqual(['CN=Leaf', 'CN=Authority', 'CN=Root']);
  });

  it('does not exist without anchors', () => {
    expect(namesOf([leaf, authority, root], [])).toBeUndefined();
    expect(namesOf([], [root])).toBeUndefined();
  });

  it('ends at the anchor if the anchor is among the certificates', () => {
    expect(namesOf([leaf, authority, root], [root])).toEqual(['CN=Leaf', 'CN=Authority', 'CN=Root']);
  });

  it('ends at an anchor that is not a root', () => {
    expect(namesOf([leaf, authority, root], [authority])).toEqual(['CN=Leaf', 'CN=Authority']);
    expect(namesOf([leaf], [authority])).toEqual(['CN=Leaf', 'CN=Authority']);
  });

  it('consists of the leaf if the leaf is an anchor', () => {
    expect(namesOf([leaf], [leaf])).toEqual(['CN=Leaf']);
    expect(namesOf([leaf, authority], [leaf])).toEqual(['CN=Leaf']);
  });

  it('ignores the certificate of the anchor that an older root issued', async () => {
    const older = await createCertificate({ name: 'Older Root' });
    const crossSigned = await createCertificate({ name: 'Root', issuer: older, ca: true, keys: root.keys });

    expect(namesOf([leaf, authority, crossSigned], [root])).toEqual(['CN=Leaf', 'CN=Authority', 'CN=Root']);
    expect(namesOf([leaf, authority, crossSigned], [older])).toEqual([
      'CN=Leaf',
      'CN=Authority',
      'CN=Root',
      'CN=Older Root',
    ]);
  });

  it('does not lead to an anchor that has the name of the issuer but another key', async () => {
    const impostor = await createCertificate({ name: 'Root' });

    expect(namesOf([leaf, authority], [impostor])).toBeUndefined();
  });

  it('does not lead over a certificate that is not an authority’s', async () => {
    const notAnAuthority = await createCertificate({ name: 'Other Leaf', issuer: root });
    const forged = await createCertificate({ name: 'Forged', issuer: notAnAuthority });

    expect(namesOf([forged, notAnAuthority], [root])).toBeUndefined();
  });

  it('is not longer than an authority or the anchor allows', async () => {
    const last = await createCertificate({ name: 'Last', issuer: root, ca: true, pathLength: 0 });
    const direct = await createCertificate({ name: 'Direct', issuer: last });
    const between = await createCertificate({ name: 'Between', issuer: last, ca: true });
    const beyond = await createCertificate({ name: 'Beyond', issuer: between });

    expect(namesOf([direct, last], [root])).toBeDefined();
    expect(namesOf([beyond, between, last], [root])).toBeUndefined();
    expect(namesOf([beyond, between], [last])).toBeUndefined();
  });

  it('contains only certificates in their order', () => {
    expect(namesOf([authority, leaf], [root])).not.toContain('CN=Leaf');
    expect(namesOf([leaf, root, authority], [root])).toBeUndefined();
  });

  it.each<[string, 'leaf' | 'authority' | 'anchor', string]>([
    ['before the leaf is valid', 'leaf', '2026-11-30T00:00:00Z'],
    ['before the authority is valid', 'authority', '2026-11-30T00:00:00Z'],
    ['before the anchor is valid', 'anchor', '2026-11-30T00:00:00Z'],
  ])('does not exist %s', async (_, late, notBefore) => {
    const from = (who: string) => (who === late ? { notBefore } : {});
    const anchor = await createCertificate({ name: 'Root', ...from('anchor') });
    const middle = await createCertificate({ name: 'Authority', issuer: anchor, ca: true, ...from('authority') });
    const end = await createCertificate({ name: 'Leaf', issuer: middle, ...from('leaf') });

    expect(namesOf([end, middle], [anchor])).toBeUndefined();
    expect(namesOf([end, middle], [anchor], Date.parse('2026-12-01T00:00:00Z'))).toBeDefined();
  });

  it('does not exist after a certificate has expired, even if the leaf is an anchor', async () => {
    const expired = await createCertificate({ name: 'Leaf', issuer: root, notAfter: '2026-11-29T11:00:00Z' });

    expect(namesOf([expired], [root])).toBeUndefined();
    expect(namesOf([expired], [expired])).toBeUndefined();
  });

  it('does not exist if a certificate is not DER', () => {
    const pem = Buffer.from(
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(leaf.der).toString('base64')}\n-----END CERTIFICATE-----\n`,
    );
    const longer = Buffer.concat([leaf.der, Buffer.from([0])]);
    for (const bytes of [pem, longer, new Uint8Array(), leaf.der.subarray(0, 100)]) {
      expect(pathToAnchor([bytes, authority.der], [root.der], NOW)).toBeUndefined();
    }
  });

  it('does not exist if a byte of a certificate was changed, wherever the byte stands', () => {
    for (const [index, certificate] of [leaf.der, authority.der].entries()) {
      for (let at = 0; at < certificate.length; at += 1) {
        const changed = Uint8Array.from(certificate);
        changed[at] = (changed[at] ?? 0) ^ 0x21;
        const certificates = [leaf.der, authority.der].with(index, changed);
        expect({ at, path: pathToAnchor(certificates, [root.der], NOW) }).toEqual({ at, path: undefined });
        expect(() => keyIdentifierOf(changed)).not.toThrow();
      }
    }
  });

  it('ignores an anchor that is not a certificate', () => {
    expect(pathToAnchor([leaf.der], [new Uint8Array([1]), authority.der], NOW)).toBeDefined();
  });
});
