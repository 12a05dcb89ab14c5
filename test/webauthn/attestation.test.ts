import { IntegerSet, type AuthorizationList } from '@peculiar/asn1-android';
import { describe, expect, it } from 'vitest';
import { registrationResponse } from '../../functions/contract/values/webauthn.ts';
import { verifyRegistration, type RegistrationCeremony } from '../../functions/domain/webauthn/registration.ts';
import { createPasskey, type Attested } from '../support/fido2/authenticator.ts';
import { newChallenge, shop, shopOptions } from './relying-party.ts';
import { androidKey, apple, fidoU2f, packed, packedSelf, rootCertificate, tpm } from './statements.ts';

const challenge = newChallenge();
const ceremony: RegistrationCeremony = { challenge, attestation: 'direct', userVerification: 'required' };
const AAGUID = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

/** Registers a passkey with an attestation statement, and returns the result of verifying the response. */
function register(deviations: Parameters<typeof createPasskey>[2], of = ceremony) {
  const { response } = createPasskey('https://shop.example', shopOptions(challenge), deviations);
  return verifyRegistration(shop, of, registrationResponse.parse(response));
}

/** Creates an `android-key` statement whose certificate is for the right key, but does not describe the key. */
const undescribed = (attested: Attested) => ({
  fmt: 'android-key',
  attStmt: new Map([...androidKey()(attested).attStmt, ['x5c', apple()(attested).attStmt.get('x5c')]]),
});

/** Makes an authenticator create the statement `attest` with the first certificate only. */
const withFirstCertificate =
  (attest: (attested: Attested) => ReturnType<typeof undescribed>) => (attested: Attested) => {
    const { fmt, attStmt } = attest(attested);
    return { fmt, attStmt: new Map([...attStmt, ['x5c', (attStmt.get('x5c') as Uint8Array[]).slice(0, 1)]]) };
  };

const refusedAttestation = (reason: RegExp) => ({
  refusal: { step: 'attestation', reason: expect.stringMatching(reason) as string },
});

describe('an attestation that the RP requested', () => {
  it.each([
    ['packed', { aaguid: AAGUID, attest: packed() }, 1],
    ['fido-u2f', { attest: fidoU2f() }, 1],
    ['tpm', { aaguid: AAGUID, attest: tpm() }, 1],
    ['android-key', { aaguid: AAGUID, attest: androidKey() }, 2],
    ['apple', { aaguid: AAGUID, attest: apple() }, 2],
  ] as const)('is verified, and yields its certificates, if its format is %s', async (format, deviations, count) => {
    const { accepted, refusal } = await register(deviations);
    expect(refusal).toBeUndefined();
    expect(accepted?.attestation).toEqual({
      format,
      type: 'uncertain',
      certificates: Array.from({ length: count }, () => expect.any(Uint8Array) as Uint8Array),
    });
    expect(accepted?.aaguid).toBe(
      format === 'fido-u2f' ? '00000000-0000-0000-0000-000000000000' : '00112233-4455-6677-8899-aabbccddeeff',
    );
  });

  it.each([-7, -8, -35, -36, -257] as const)('may be signed by the credential itself with %i', async (algorithm) => {
    const { accepted } = await register({ algorithm, attest: packedSelf() });
    expect(accepted?.attestation).toEqual({ format: 'packed', type: 'self', certificates: [] });
  });

  it.each(['none', 'indirect', 'direct', 'enterprise'] as const)(
    'may be missing if the RP requested %s',
    async (attestation) => {
      const { accepted } = await register({}, { ...ceremony, attestation });
      expect(accepted?.attestation).toEqual({ format: 'none', type: 'none', certificates: [] });
    },
  );

  it('is verified without the root certificate, because trust is judged elsewhere', async () => {
    for (const attest of [androidKey(), apple()]) {
      const verification = await register({ attest: withFirstCertificate(attest) });
      expect(verification).toHaveProperty('accepted.attestation.certificates.length', 1);
    }
  });

  it.each(['android-safetynet', 'compound', 'Packed', 'unheard-of'])(
    'is refused if the service does not verify its format, such as %s',
    async (fmt) => {
      expect(await register({ attests: 'certificate', fmt })).toMatchObject(refusedAttestation(/does not verify/));
    },
  );

  const wrong = new Uint8Array(70).fill(1);
  const notDer = new Uint8Array([0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x00]);
  const certificates = (count: number) => Array.from({ length: count }, () => rootCertificate);
  it.each([
    ['none with a member', { attest: () => ({ fmt: 'none', attStmt: new Map([['a', 1]]) }) }, /has members/],
    ['packed with 7 certificates', { attest: packed({ members: { x5c: certificates(7) } }) }, /too many certificates/],
    [
      'packed with a certificate of 8,193 bytes',
      { attest: packed({ members: { x5c: [new Uint8Array(8_193)] } }) },
      /too long/,
    ],
    ['packed with an empty list of certificates', { attest: packed({ members: { x5c: [] } }) }, /no certificate/],
    [
      'packed with a text as certificate',
      { attest: packed({ members: { x5c: ['a'] } }) },
      /not a list of byte strings/,
    ],
    [
      'packed with bytes instead of a list',
      { attest: packed({ members: { x5c: rootCertificate } }) },
      /not a list of byte strings/,
    ],
    ['packed with a broken certificate', { attest: packed({ members: { x5c: [new Uint8Array(64)] } }) }, /./],
    [
      'packed without an algorithm',
      { attest: packed({ members: { alg: undefined } }) },
      /no algorithm or no signature/,
    ],
    ['packed without a signature', { attest: packed({ members: { sig: undefined } }) }, /no algorithm or no signature/],
    [
      'packed with a text as signature',
      { attest: packed({ members: { sig: 'signature' } }) },
      /no algorithm or no signature/,
    ],
    ['packed with bytes after the signature', { attest: packed({ members: { sig: notDer } }) }, /not encoded in DER/],
    [
      'packed with the AAGUID of another model in the certificate',
      { attest: packed({ certifiedAaguid: AAGUID }) },
      /aaguid/i,
    ],
    ['packed with the certificate of an authority', { attest: packed({ isAuthority: true }) }, /basic constraints/],
    [
      'packed with a certificate for another purpose',
      { attest: packed({ subject: { C: 'JP', O: 'E', OU: 'E', CN: 'E' } }) },
      /OU/,
    ],
    [
      'packed that the credential signed, with another algorithm',
      { attest: packedSelf({ members: { alg: -35 } }) },
      /./,
    ],
    [
      'packed that the credential signed, with an RSA algorithm',
      { attest: packedSelf({ members: { alg: -257 } }) },
      /not that of the public key/,
    ],
    [
      'packed with the signature of something else',
      { algorithm: -8, attest: packedSelf({ members: { sig: wrong } }) },
      /not valid/,
    ],
    ['fido-u2f with an AAGUID, which its signature does not cover', { aaguid: AAGUID, attest: fidoU2f() }, /AAGUID/],
    ['fido-u2f with two certificates', { attest: fidoU2f({ members: { x5c: certificates(2) } }) }, /one certificate/],
    [
      'fido-u2f with a signature by another key',
      { attest: fidoU2f({ members: { x5c: certificates(1) } }) },
      /not valid/,
    ],
    ['apple with the nonce of another ceremony', { attest: apple({ challenge: Buffer.alloc(32) }) }, /nonce/],
    ['apple with the certificate of another key', { attest: apple({ members: { x5c: certificates(1) } }) }, /./],
    [
      'tpm with the AAGUID of another model in the certificate',
      { attest: tpm({ certifiedAaguid: AAGUID }) },
      /aaguid/i,
    ],
    ['tpm with a subject', { attest: tpm({ subject: { CN: 'TPM' } }) }, /subject/],
    ['tpm of another version', { attest: tpm({ members: { ver: '1.2' } }) }, /ver/],
    [
      'android-key with the challenge of another ceremony',
      { attest: androidKey({ challenge: Buffer.alloc(32) }) },
      /another ceremony/,
    ],
    [
      'android-key with the certificate of another key',
      { attest: androidKey({ members: { x5c: certificates(1) } }) },
      /another public key/,
    ],
    ['android-key with another algorithm', { attest: androidKey({ members: { alg: -35 } }) }, /./],
    [
      'android-key with an RSA algorithm',
      { attest: androidKey({ members: { alg: -257 } }) },
      /not that of the public key/,
    ],
    ['android-key without a description of the key', { attest: undescribed }, /does not describe/],
  ] as const)('is refused if its format is %s', async (_, deviations, reason) => {
    expect(await register(deviations)).toMatchObject(refusedAttestation(reason));
  });

  const purpose = new IntegerSet([2]);
  it.each([
    ['was imported', { teeEnforced: { origin: 2, purpose } }, /not created in the device/],
    ['has no origin', { teeEnforced: { purpose } }, /not created in the device/],
    ['has two origins', { teeEnforced: { origin: 0, purpose }, softwareEnforced: { origin: 2 } }, /not created/],
    ['is for encryption', { teeEnforced: { origin: 0, purpose: new IntegerSet([0]) } }, /not only for signatures/],
    ['is for signatures and encryption', { teeEnforced: { origin: 0, purpose: new IntegerSet([2, 0]) } }, /not only/],
    ['has no purpose', { teeEnforced: { origin: 0 } }, /not only for signatures/],
    ['is for all applications', { softwareEnforced: { allApplications: null } }, /Every application/],
  ] satisfies [
    string,
    { teeEnforced?: Partial<AuthorizationList>; softwareEnforced?: Partial<AuthorizationList> },
    RegExp,
  ][])('is refused if its format is android-key and the key %s', async (_, lists, reason) => {
    expect(await register({ attest: androidKey(lists) })).toMatchObject(refusedAttestation(reason));
  });

  it.each([
    ['for signatures and their verification', { teeEnforced: { origin: 0, purpose: new IntegerSet([2, 3]) } }],
    ['described by the operating system', { teeEnforced: {}, softwareEnforced: { origin: 0, purpose } }],
  ] satisfies [string, object][])('is accepted if its format is android-key and the key is %s', async (_, lists) => {
    expect(await register({ attest: androidKey(lists) })).toHaveProperty('accepted');
  });
});
