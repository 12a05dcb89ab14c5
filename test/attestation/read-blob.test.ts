import { beforeAll, describe, expect, it } from 'vitest';
import { FIDO_ALLIANCE } from '../../functions/domain/attestation/fido-roots.ts';
import { readBlob, type SignedBlob } from '../../functions/domain/attestation/read-blob.ts';
import { createCertificate } from '../support/fido2/certificates.ts';
import { blobOf, createBlobSigner, entryFor, SIGNER, type BlobSigner } from '../support/fido2/metadata.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const AAGUID = '11111111-2222-3333-4444-555555555555';
const KEY = 'ab'.repeat(20);
const CONTENT = { no: 7, nextUpdate: '2026-12-31', entries: [] };
const NOT_SIGNED = 'The signature of the metadata is wrong';
const NO_PATH = 'The certificates of the metadata do not lead to a trusted root';
const MALFORMED = 'The metadata has no number, no date of the next update or no entries';

let signer: BlobSigner;
beforeAll(async () => {
  signer = await createBlobSigner();
});
const refusalOf = (blob: SignedBlob, now = NOW) => readBlob(blob, now).refusal;
const contentOf = (blob: SignedBlob) => {
  const reading = readBlob(blob, NOW);
  if (reading.refusal !== undefined) throw new Error(reading.refusal);
  return reading.metadata;
};
/** Returns a BLOB whose JWT a test wrote itself. */
const withJwt = (blob: string): SignedBlob => ({ blob, roots: [signer.root.der], signer: SIGNER });

describe('a BLOB', () => {
  it('is read if its certificates lead to the root and its signature is right', () => {
    const reading = readBlob(signer.sign(7, [], '2026-12-31'), NOW);

    expect(reading).toMatchObject({ metadata: { no: 7, nextUpdate: '2026-12-31', unusable: 0 } });
    expect(reading.refusal === undefined && reading.path.length).toBe(3);
  });

  it('is read if it is signed with RSA', async () => {
    const rsa = await createBlobSigner({ kind: 'RSA' });

    expect(contentOf(rsa.sign(8, [])).no).toBe(8);
  });

  it('is refused if it was changed after it was signed', () => {
    const { blob, ...rest } = signer.sign(7, []);
    const [header = '', , signature = ''] = blob.split('.');
    const content = Buffer.from(JSON.stringify({ ...CONTENT, no: 8 })).toString('base64url');

    expect(refusalOf({ ...rest, blob: [header, content, signature].join('.') })).toBe(NOT_SIGNED);
    expect(refusalOf({ ...rest, blob: [header, content, ''].join('.') })).toBe(NOT_SIGNED);
  });

  it.each(['none', 'HS256', 'RS256', 'ES384', 'constructor'])(
    'is refused if its header names the algorithm %s, which does not fit the key',
    (alg) => {
      expect(refusalOf(withJwt(blobOf(CONTENT, signer.leaf, [signer.leaf, signer.authority], { alg })))).toBe(
        NOT_SIGNED,
      );
    },
  );

  it('is refused if its certificates do not lead to the root', async () => {
    const another = await createBlobSigner();
    const { blob } = signer.sign(7, []);

    expect(refusalOf({ ...another.sign(7, []), blob })).toBe(NO_PATH);
    expect(refusalOf({ blob, roots: [], signer: SIGNER })).toBe(NO_PATH);
    expect(refusalOf({ ...FIDO_ALLIANCE, blob })).toBe(NO_PATH);
    expect(refusalOf(withJwt(blobOf(CONTENT, signer.leaf, [signer.leaf])))).toBe(NO_PATH);
  });

  it('is refused if a certificate has expired', async () => {
    const expiring = await createBlobSigner({ notAfter: '2026-12-01T00:00:00Z' });
    const blob = expiring.sign(7, []);

    expect(refusalOf(blob)).toBeUndefined();
    expect(refusalOf(blob, Date.parse('2026-12-02T00:00:00Z'))).toBe(NO_PATH);
  });

  it('is refused if a certificate of the root for another website signed it', async () => {
    const website = await createCertificate({ name: SIGNER, issuer: signer.authority, host: 'shop.example.com' });
    const jwt = blobOf(CONTENT, website, [website, signer.authority]);

    expect(refusalOf(withJwt(jwt))).toBe('The metadata is not signed by metadata.example.com');
    expect(refusalOf({ ...withJwt(jwt), signer: null })).toBeUndefined();
  });

  it.each([
    ['empty', ''],
    ['text', 'no JWT'],
    ['a JWT without certificates', 'e30.e30.e30'],
    ['JSON that is no object', `${Buffer.from('null').toString('base64url')}.e30.e30`],
  ])('is refused if it is %s', (_, blob) => {
    expect(refusalOf(withJwt(blob))).toBe('The metadata is not a JWT with certificates');
  });

  it('is refused if its header has an extension or a part too many', () => {
    const { leaf, authority } = signer;
    const extended = blobOf(CONTENT, leaf, [leaf, authority], { crit: ['exp'] });

    for (const jwt of [extended, `${blobOf(CONTENT, leaf, [leaf, authority])}.e30`]) {
      expect(refusalOf(withJwt(jwt))).toBe('The metadata is not a JWT with certificates');
    }
  });

  it.each([
    ['no number', { ...CONTENT, no: undefined }],
    ['the number 0', { ...CONTENT, no: 0 }],
    ['a number that is not whole', { ...CONTENT, no: 1.5 }],
    ['no date of the next update', { ...CONTENT, nextUpdate: 'tomorrow' }],
    ['no entries', { ...CONTENT, entries: {} }],
  ])('is refused if it has %s', (_, content) => {
    expect(refusalOf(withJwt(blobOf(content, signer.leaf, [signer.leaf, signer.authority])))).toBe(MALFORMED);
  });
});

describe('the entries of a BLOB', () => {
  it('are found by AAGUID and by key identifier, in lower case, without icons', () => {
    const entry = {
      ...entryFor(AAGUID.toUpperCase(), signer.root),
      attestationCertificateKeyIdentifiers: [KEY.toUpperCase()],
    };
    const { entries } = contentOf(signer.sign(1, [entry]));

    expect([...entries.keys()]).toEqual([AAGUID, KEY]);
    expect(entries.get(AAGUID)).toEqual({
      aaguid: AAGUID,
      keyIdentifiers: [KEY],
      name: 'Test key',
      attestationTypes: ['basic_full'],
      roots: [Buffer.from(signer.root.der)],
      statusReports: [{ status: 'FIDO_CERTIFIED_L1', effectiveDate: '2026-01-01' }],
    });
    expect(entries.get(KEY)).toEqual(entries.get(AAGUID));
  });

  it('have names without superfluous spaces', () => {
    const { entries } = contentOf(signer.sign(1, [entryFor(AAGUID, signer.root, { description: ' Test\n  key ' })]));

    expect(entries.get(AAGUID)?.name).toBe('Test key');
  });

  it('leave out authenticators without an AAGUID and a key identifier', () => {
    const uaf = { ...entryFor(AAGUID, signer.root), aaguid: undefined, aaid: '1234#5678' };
    const zeros = entryFor('00000000-0000-0000-0000-000000000000', signer.root);

    expect(contentOf(signer.sign(1, [uaf, zeros]))).toMatchObject({ unusable: 0, entries: new Map() });
  });

  it('leave out malformed entries and certificates, and count them', () => {
    const good = entryFor(AAGUID, signer.root);
    const certificates = ['bm8gY2VydGlmaWNhdGU=', Buffer.from(signer.root.der).toString('base64')];
    const statement = { ...good.metadataStatement, attestationRootCertificates: certificates };
    const malformed = [
      null,
      { ...good, aaguid: 'no AAGUID' },
      { ...good, statusReports: undefined },
      { ...good, attestationCertificateKeyIdentifiers: ['12'] },
    ];
    const { entries, unusable } = contentOf(signer.sign(1, [...malformed, { ...good, metadataStatement: statement }]));

    expect(unusable).toBe(malformed.length + 1);
    expect([...entries.values()].map(({ roots }) => roots.length)).toEqual([1]);
  });

  it('have no root and no name if the metadata statement is missing', () => {
    const { metadataStatement, ...entry } = entryFor(AAGUID, signer.root);

    expect(contentOf(signer.sign(1, [entry])).entries.get(AAGUID)).toMatchObject({ roots: [], name: null });
  });

  it('have the roots and the statuses of both entries for one AAGUID', () => {
    const entries = [
      entryFor(AAGUID, signer.root),
      entryFor(AAGUID, signer.authority, { description: 'Other', statuses: ['REVOKED'] }),
    ];

    expect(contentOf(signer.sign(1, entries)).entries.get(AAGUID)).toMatchObject({
      name: 'Test key',
      roots: [Buffer.from(signer.root.der), Buffer.from(signer.authority.der)],
      statusReports: [{ status: 'FIDO_CERTIFIED_L1' }, { status: 'REVOKED' }],
    });
  });
});
