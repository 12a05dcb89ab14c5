import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeAttestationObject } from '../../functions/domain/webauthn/attestation-object.ts';
import { keyIdentifierOf } from '../../functions/domain/attestation/key-identifier.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { createBlobSigner, entryFor, type BlobEntry, type BlobSigner } from '../support/fido2/metadata.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { fidoU2f, packed, packedSelf, rootCertificate } from '../webauthn/statements.ts';

/** Registrations at RPs that require a trusted attestation, with metadata that the test signs. */

const AAGUID = '11111111-2222-3333-4444-555555555555';
const aaguid = Buffer.from(AAGUID.replaceAll('-', ''), 'hex');
/** The flag BE of the authenticator data (WebAuthn, 6.1). */
const BE = 0x08;
const root = { der: rootCertificate };

let service: TestService;
let signer: BlobSigner;
beforeAll(async () => {
  [service, signer] = await Promise.all([startTestService(), createBlobSigner()]);
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());

let numbers = 0;
/** Stores metadata with these entries, and without earlier entries. */
async function publish(...entries: BlobEntry[]) {
  const { blob } = signer.sign((numbers += 1), entries);
  const body = { blob, root: Buffer.from(signer.root.der).toString('base64') };
  expect((await service.send('POST /_local/metadata', { body })).body).toMatchObject({ outcome: 'stored' });
}
async function rpWith(settings: object): Promise<TestRp> {
  const rp = await newTestRp(service, { rpId: `shop-${(numbers += 1)}.example.com` });
  const answer = await service.send(`PATCH /v1/rps/${rp.rpRef}`, { as: rp.owner.session, body: { settings } });
  expect(answer.status).toBe(200);
  return rp;
}
let users = 0;
/** Registers a new user. Returns the answer and the passkey. */
async function register(rp: TestRp, deviations: Parameters<TestRp['create']>[1]) {
  const { passkey, body } = await rp.create({ userId: `user-${(users += 1)}`, createUser: true }, deviations);
  return { passkey, body, answer: await rp.end('registrations', body) };
}
const certified = { aaguid, attest: packed() };

describe('an RP that requires a trusted attestation', () => {
  it('accepts authenticators whose certificates lead to a root of their metadata, until they are revoked', async () => {
    const rp = await rpWith({ requireTrustedAttestation: true });
    await publish();
    expectProblem((await register(rp, certified)).answer, 403, 'attestation-not-trusted');

    await publish(entryFor(AAGUID, root));
    const { answer, passkey } = await register(rp, certified);
    expect([answer.status, answer.body]).toMatchObject([
      201,
      {
        credential: {
          name: 'Test key',
          authenticator: { aaguid: AAGUID, name: 'Test key' },
          attestation: { format: 'packed', type: 'basic', trusted: true },
        },
      },
    ]);
    for (const deviations of [{ aaguid, attest: packedSelf() }, { aaguid }, { attest: packed() }]) {
      expectProblem((await register(rp, deviations)).answer, 403, 'attestation-not-trusted');
    }

    await publish(entryFor(AAGUID, root, { statuses: ['REVOKED'] }));
    expectProblem((await register(rp, certified)).answer, 403, 'attestation-not-trusted');
    expect((await rp.signIn(passkey)).credential.attestation.trusted).toBe(true);
  });

  it('finds the metadata of a U2F authenticator by the key of its certificate', async () => {
    const rp = await rpWith({ requireTrustedAttestation: true });
    await publish(entryFor(AAGUID, root));
    const unknown = await register(rp, { attest: fidoU2f() });
    expectProblem(unknown.answer, 403, 'attestation-not-trusted');

    const { attestationObject } = (unknown.body.response as { response: { attestationObject: string } }).response;
    const { statement } = decodeAttestationObject(Buffer.from(attestationObject, 'base64url'));
    const [leaf] = statement.get('x5c') as Uint8Array[];
    const { aaguid: _, ...entry } = entryFor(AAGUID, root);
    await publish({ ...entry, attestationCertificateKeyIdentifiers: [leaf ? (keyIdentifierOf(leaf) ?? '') : ''] });
    expect((await register(rp, { attest: fidoU2f() })).answer.body).toMatchObject({
      credential: {
        name: 'Test key',
        authenticator: null,
        attestation: { format: 'fido-u2f', type: 'basic', trusted: true },
      },
    });
  });

  it('may require a certification, and allow only some models', async () => {
    await publish(entryFor(AAGUID, root, { statuses: ['FIDO_CERTIFIED_L1'] }));
    const other = '99999999-2222-3333-4444-555555555555';
    const outcomes: [object, number][] = [
      [{ minimumCertification: 'FIDO_CERTIFIED_L1' }, 201],
      [{ minimumCertification: 'FIDO_CERTIFIED_L2' }, 403],
      [{ authenticators: { allow: [AAGUID] } }, 201],
      [{ authenticators: { allow: [other] } }, 403],
      [{ authenticators: { deny: [AAGUID] } }, 403],
    ];
    for (const [settings, status] of outcomes) {
      const rp = await rpWith({ requireTrustedAttestation: true, ...settings });
      const { answer } = await register(rp, certified);
      expect([settings, answer.status]).toEqual([settings, status]);
      if (status === 403) expectProblem(answer, 403, 'authenticator-not-allowed');
    }
  });
});

it('a credential with a trusted attestation never signs in with another flag BE, whatever the settings say', async () => {
  await publish(entryFor(AAGUID, root));
  const rp = await rpWith({ attestation: 'direct', backupEligibility: 'report' });
  for (const [attest, status] of [[packed(), 400] as const, [packedSelf(), 200] as const]) {
    const { passkey } = await register(rp, { aaguid, attest });
    const answer = await rp.end('authentications', await rp.use(passkey, {}, { invertedFlags: BE }));
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.body).toMatchObject({ step: 'backup-eligibility' });
  }
});
