import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { convertAAGUIDToString, decodeAttestationObject, parseAuthenticatorData } from '@simplewebauthn/server/helpers';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIDO_ALLIANCE } from '../../functions/domain/attestation/fido-roots.ts';
import { judgeAttestation, type Attestation } from '../../functions/domain/attestation/judge-attestation.ts';
import { keyIdentifierOf } from '../../functions/domain/attestation/key-identifier.ts';
import { readBlob, type Metadata } from '../../functions/domain/attestation/read-blob.ts';

/**
 * These tests use files that the tests of the package fido2-lib contain: a BLOB that the FIDO Alliance published in
 * 2022, and responses of real authenticators.
 */
const pathOf = (file: string) => fileURLToPath(import.meta.resolve(`fido2-lib/test/${file}`));
const [blob = ''] = /[\w-]+\.[\w-]+\.[\w-]{300,}/.exec(readFileSync(pathOf('fixtures/mdsV3.jwt.js'), 'utf8')) ?? [];
const published = { ...FIDO_ALLIANCE, blob };
const THEN = Date.parse('2022-02-20T00:00:00Z');
const NOW = Date.parse('2026-11-29T12:00:00Z');

/** Returns the content of the BLOB. */
function metadata(): Metadata {
  const reading = readBlob(published, THEN);
  if (reading.refusal !== undefined) throw new Error(reading.refusal);
  return reading.metadata;
}

describe('a BLOB that the FIDO Alliance published in 2022', () => {
  it('is read while its certificates are valid, and each of its 131 authenticators can be used', () => {
    const { entries, ...content } = metadata();

    expect(content).toMatchObject({ no: 12, nextUpdate: '2022-03-01', unusable: 0 });
    expect(entries.size).toBe(131);
    expect(entries.get('cb69481e-8ff7-4039-93ec-0a2729a154a8')?.name).toBe('YubiKey 5 Series');
    // Authenticators that only make self attestations have no roots.
    for (const { name, roots, statusReports, attestationTypes } of entries.values()) {
      const makesCertificates = attestationTypes.some((type) => type !== 'basic_surrogate');
      expect({ name, hasRoots: roots.length > 0, hasReports: statusReports.length > 0 }).toEqual({
        name: expect.any(String) as string,
        hasRoots: makesCertificates,
        hasReports: true,
      });
    }
  });

  it('is refused after its certificates have expired', () => {
    expect(readBlob(published, NOW).refusal).toBe('The certificates of the metadata do not lead to a trusted root');
  });

  it('is refused if it was changed', () => {
    const [header = '', , signature = ''] = blob.split('.');
    const content = Buffer.from(JSON.stringify({ no: 13, nextUpdate: '2022-04-01', entries: [] }));
    const changed = [header, content.toString('base64url'), signature].join('.');

    expect(readBlob({ ...published, blob: changed }, THEN).refusal).toBe('The signature of the metadata is wrong');
  });

  it('is refused if another host should have signed it', () => {
    expect(readBlob({ ...published, signer: 'mds.example.com' }, THEN).refusal).toBe(
      'The metadata is not signed by mds.example.com',
    );
  });
});

describe('an attestation of a real authenticator', () => {
  interface Samples {
    readonly lib: Readonly<Record<string, { readonly response: { readonly attestationObject: ArrayBuffer } }>>;
  }
  let samples: Samples['lib'];
  beforeAll(async () => {
    ({ lib: samples } = (await import(pathOf('helpers/fido2-helpers.js'))) as Samples);
  });
  function attestationIn(name: string): Attestation {
    const object = decodeAttestationObject(new Uint8Array(samples[name]?.response.attestationObject ?? []));
    const { aaguid } = parseAuthenticatorData(object.get('authData'));
    return {
      format: object.get('fmt'),
      type: 'uncertain',
      certificates: object.get('attStmt').get('x5c') ?? [],
      aaguid: convertAAGUIDToString(aaguid ?? new Uint8Array(16)),
    };
  }

  it('with the format tpm is trusted with the metadata of its AAGUID, and only with this metadata', () => {
    const attestation = attestationIn('makeCredentialAttestationTpmResponse');
    const { entries } = metadata();

    expect(attestation.aaguid).toBe('08987058-cadc-4b81-b6e1-30de50dcbe96');
    expect(judgeAttestation(attestation, entries.get(attestation.aaguid), THEN)).toEqual({
      type: 'attca',
      trusted: true,
      certification: 'FIDO_CERTIFIED_L1',
    });
    const trusting = [...entries.values()].filter((entry) => judgeAttestation(attestation, entry, THEN).trusted);
    expect(trusting.map(({ name }) => name)).toEqual(['Windows Hello Hardware Authenticator']);
  });

  it('with the format fido-u2f is trusted with the metadata that lists its key, and only with this metadata', () => {
    const attestation = attestationIn('makeCredentialAttestationU2fResponse');
    const { entries } = metadata();
    const identifier = keyIdentifierOf(attestation.certificates[0] ?? new Uint8Array()) ?? '';

    expect(judgeAttestation(attestation, entries.get(identifier), THEN)).toEqual({
      type: 'basic',
      trusted: true,
      certification: 'FIDO_CERTIFIED',
    });
    const trusting = [...entries.values()].filter((entry) => judgeAttestation(attestation, entry, THEN).trusted);
    // This authenticator has five keys, and the metadata is stored under each of them.
    expect(trusting).toHaveLength(5);
    expect([...new Set(trusting.map(({ name }) => name))]).toEqual(['YK4 Series Key by Yubico']);
  });

  it('that the metadata does not contain is not trusted', () => {
    const attestation = attestationIn('makeCredentialAttestationPackedResponse');

    expect(judgeAttestation(attestation, metadata().entries.get(attestation.aaguid), THEN).trusted).toBe(false);
  });
});
