import { convertAAGUIDToString, decodeAttestationObject, parseAuthenticatorData } from '@simplewebauthn/server/helpers';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIDO_ALLIANCE } from '../../functions/domain/attestation/fido-roots.ts';
import {
  judgeAttestation,
  ZERO_AAGUID,
  type Attestation,
} from '../../functions/domain/attestation/judge-attestation.ts';
import { keyIdentifierOf } from '../../functions/domain/attestation/key-identifier.ts';
import { certificationAt } from '../../functions/domain/attestation/status-reports.ts';
import type { MetadataEntry } from '../../functions/table/metadata.ts';
import { createCertificate, type TestCertificate } from '../support/fido2/certificates.ts';
import vectors from '../webauthn/w3c-vectors.json' with { type: 'json' };

const NOW = Date.parse('2026-11-29T12:00:00Z');
const AAGUID = '11111111-2222-3333-4444-555555555555';

const metadataOf = (changes: Partial<MetadataEntry> = {}): MetadataEntry => ({
  aaguid: AAGUID,
  keyIdentifiers: [],
  name: 'Test key',
  attestationTypes: ['basic_full'],
  roots: [],
  statusReports: [{ status: 'FIDO_CERTIFIED_L1', effectiveDate: '2024-01-01' }],
  ...changes,
});

describe('an attestation in a test vector of the W3C', () => {
  const w3cRoot = Buffer.from(vectors.attestationRootCertificate, 'hex');
  const attestations = vectors.vectors.map(({ id, registration }) => {
    const object = decodeAttestationObject(Buffer.from(registration.attestationObject, 'hex'));
    const { aaguid } = parseAuthenticatorData(object.get('authData'));
    const certificates = object.get('attStmt').get('x5c') ?? [];
    const format = object.get('fmt');
    const type = format === 'none' ? 'none' : certificates.length === 0 ? 'self' : 'uncertain';
    return { id, format, type, certificates, aaguid: convertAAGUIDToString(aaguid ?? new Uint8Array(16)) } as const;
  });
  const withCertificates = attestations.filter(({ type }) => type === 'uncertain');
  const others = attestations.filter(({ type }) => type !== 'uncertain');

  it.each(withCertificates)('$id is trusted with the root of the W3C, and only with this root', async (attestation) => {
    const { aaguid } = attestation;
    const another = await createCertificate({ name: 'WebAuthn test vectors' });

    expect(judgeAttestation(attestation, metadataOf({ aaguid, roots: [w3cRoot] }), NOW).trusted).toBe(true);
    expect(judgeAttestation(attestation, metadataOf({ aaguid, roots: [another.der] }), NOW).trusted).toBe(false);
    expect(judgeAttestation(attestation, metadataOf({ aaguid }), NOW).trusted).toBe(false);
    expect(judgeAttestation(attestation, undefined, NOW).trusted).toBe(false);
  });

  it.each(others)('$id is not trusted, because it has no certificate', (attestation) => {
    const { aaguid, type } = attestation;

    expect(judgeAttestation(attestation, metadataOf({ aaguid, roots: [w3cRoot] }), NOW)).toEqual({
      type,
      trusted: false,
      certification: null,
    });
  });

  it('has certificates in 10 vectors, and none in 5', () => {
    expect([withCertificates.length, others.length]).toEqual([10, 5]);
  });
});

describe('judgeAttestation', () => {
  let root: TestCertificate;
  let leaf: TestCertificate;
  let attestation: Attestation;
  beforeAll(async () => {
    root = await createCertificate({ name: 'Root' });
    leaf = await createCertificate({ name: 'Leaf', issuer: root });
    attestation = { format: 'packed', type: 'uncertain', certificates: [leaf.der], aaguid: AAGUID };
  });
  const judge = (entry: Partial<MetadataEntry>, changes: Partial<Attestation> = {}) =>
    judgeAttestation({ ...attestation, ...changes }, metadataOf({ roots: [root.der], ...entry }), NOW);

  it('returns the type and the certification of a trusted attestation', () => {
    expect(judge({})).toEqual({ type: 'basic', trusted: true, certification: 'FIDO_CERTIFIED_L1' });
  });

  it('returns no certification of an attestation that is not trusted', () => {
    expect(judge({ roots: [] })).toEqual({ type: 'basic', trusted: false, certification: null });
  });

  it.each([
    'REVOKED',
    'ATTESTATION_KEY_COMPROMISE',
    'USER_VERIFICATION_BYPASS',
    'USER_KEY_REMOTE_COMPROMISE',
    'USER_KEY_PHYSICAL_COMPROMISE',
  ])('does not trust an authenticator with the status %s, even if an update is available', (status) => {
    const statusReports = [
      { status: 'FIDO_CERTIFIED_L2', effectiveDate: '2024-01-01' },
      { status, effectiveDate: '2025-01-01' },
      { status: 'UPDATE_AVAILABLE', effectiveDate: '2026-01-01' },
      { status: 'FIDO_CERTIFIED_L2', effectiveDate: '2026-01-01' },
    ];
    expect(judge({ statusReports })).toMatchObject({ trusted: false, certification: null });
  });

  it('trusts an authenticator whose other statuses say nothing against it', () => {
    for (const status of ['NOT_FIDO_CERTIFIED', 'SELF_ASSERTION_SUBMITTED', 'UPDATE_AVAILABLE', 'RETIRED', 'NEW']) {
      expect(judge({ statusReports: [{ status }] })).toMatchObject({ trusted: true, certification: null });
    }
  });

  it('does not trust a self attestation or an attestation without a statement', () => {
    expect(judge({}, { type: 'self', certificates: [] })).toMatchObject({ type: 'self', trusted: false });
    expect(judge({}, { type: 'self' }).trusted).toBe(false);
    expect(judge({}, { type: 'none', format: 'none', certificates: [] })).toMatchObject({
      type: 'none',
      trusted: false,
    });
  });

  it('does not trust an attestation with the metadata of another authenticator', () => {
    expect(judge({}, { aaguid: '99999999-2222-3333-4444-555555555555' }).trusted).toBe(false);
    expect(judge({ aaguid: null }).trusted).toBe(false);
  });

  it('trusts an attestation without an AAGUID only if the metadata lists the key that signed it', () => {
    const identifier = keyIdentifierOf(leaf.der) ?? '';
    const u2f = { format: 'fido-u2f', aaguid: ZERO_AAGUID };

    expect(judge({ aaguid: null, keyIdentifiers: [identifier] }, u2f).trusted).toBe(true);
    expect(judge({ aaguid: null, keyIdentifiers: ['00'.repeat(20)] }, u2f).trusted).toBe(false);
    expect(judge({ aaguid: ZERO_AAGUID }, u2f).trusted).toBe(false);
  });

  it.each<[string, string[], string]>([
    ['apple', [], 'anonca'],
    ['tpm', ['basic_full'], 'attca'],
    ['android-key', [], 'basic'],
    ['packed', ['basic_full', 'basic_surrogate'], 'basic'],
    ['packed', ['attca'], 'attca'],
    ['packed', ['basic_full', 'attca'], 'uncertain'],
    ['fido-u2f', [], 'uncertain'],
  ])('finds the type of the format %s with the types %j in the metadata: %s', (format, attestationTypes, type) => {
    expect(judge({ attestationTypes }, { format }).type).toBe(type);
  });
});

describe('keyIdentifierOf', () => {
  it('returns the identifier that an authority computes for its key', () => {
    // The values of the extension "subject key identifier" in the two roots, which GlobalSign computed.
    expect(FIDO_ALLIANCE.roots.map(keyIdentifierOf)).toEqual([
      '035cab738187a8ccb0a6d594e2369649ff05992c',
      '8ff04b7fa82e4524ae4d50fa639a8bdee2dd1bbc',
    ]);
  });

  it('returns undefined for bytes that are not a certificate', () => {
    expect(keyIdentifierOf(new Uint8Array([1, 2, 3]))).toBeUndefined();
  });
});

describe('certificationAt', () => {
  const at = (...reports: [string, string?][]) =>
    certificationAt(
      { statusReports: reports.map(([status, effectiveDate]) => ({ status, effectiveDate })) },
      Date.parse('2026-11-29T00:00:00Z'),
    );

  it('returns the level of the latest report that has taken effect, in whatever order the reports stand', () => {
    expect(at(['FIDO_CERTIFIED_L1', '2024-01-01'], ['FIDO_CERTIFIED_L2', '2025-01-01'])).toBe('FIDO_CERTIFIED_L2');
    expect(at(['FIDO_CERTIFIED_L2', '2025-01-01'], ['FIDO_CERTIFIED_L1', '2024-01-01'])).toBe('FIDO_CERTIFIED_L2');
    expect(at(['FIDO_CERTIFIED_L1', '2026-11-29'], ['FIDO_CERTIFIED_L3', '2026-11-30'])).toBe('FIDO_CERTIFIED_L1');
  });

  it('returns the level of the last of several reports with the same date', () => {
    expect(at(['FIDO_CERTIFIED_L1', '2024-01-01'], ['FIDO_CERTIFIED_L2', '2024-01-01'])).toBe('FIDO_CERTIFIED_L2');
  });

  it('takes a report without a date for the oldest', () => {
    expect(at(['FIDO_CERTIFIED_L1', '2024-01-01'], ['FIDO_CERTIFIED_L3plus'])).toBe('FIDO_CERTIFIED_L1');
    expect(at(['FIDO_CERTIFIED'])).toBe('FIDO_CERTIFIED');
  });

  it('returns null if the authenticator is not certified, or no longer certified', () => {
    expect(at()).toBeNull();
    expect(at(['FIDO_CERTIFIED_L2', '2024-01-01'], ['NOT_FIDO_CERTIFIED', '2025-01-01'])).toBeNull();
    expect(at(['SELF_ASSERTION_SUBMITTED', '2025-01-01'])).toBeNull();
  });
});
