import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());

/** The flag BE of the authenticator data (WebAuthn, 6.1). */
const BE = 0x08;
let rps = 0;
/** Registers an RP with settings. The settings are in force at once, because no process has used the API key. */
async function rpWith(settings: object): Promise<TestRp> {
  const rp = await newTestRp(service, { rpId: `shop-${(rps += 1)}.example.com` });
  const answer = await service.send(`PATCH /v1/rps/${rp.rpRef}`, { as: rp.owner.session, body: { settings } });
  expect(answer.status).toBe(200);
  return rp;
}
const problemOf = async (rp: TestRp, kind: 'registrations' | 'authentications', body: object) =>
  ({ ...((await rp.end(kind, body)).body as object) }) as { type: string; step?: string };

describe('the settings of an RP', () => {
  it('decide which origins may run a ceremony', async () => {
    const rp = await rpWith({ origins: ['https://shop-1.example.com:8443', 'https://login.shop-1.example.com'] });
    const { passkey } = await rp.register({ userId: 'user-1' }, { origin: 'https://login.shop-1.example.com' });
    const refused = await rp.end('authentications', await rp.use(passkey));
    expectProblem(refused, 403, 'origin-not-allowed');
    expect(refused.body).toMatchObject({ origin: rp.origin });
    const other = await rp.use(passkey, {}, { origin: 'https://shop-1.example.com:8443' });
    expect((await rp.end('authentications', other)).status).toBe(200);
  });

  it('accept any port of http://localhost for the RP ID localhost', async () => {
    const rp = await newTestRp(service, { rpId: 'localhost' });
    const { passkey } = await rp.register({ userId: 'user-1' }, { origin: 'http://localhost:3001' });
    expect((await rp.end('authentications', await rp.use(passkey, {}, { origin: 'http://localhost' }))).status).toBe(
      200,
    );
    for (const origin of ['http://localhost.example.com', 'https://localhost.evil.example', 'http://localhost:3001/']) {
      expectProblem(await rp.end('authentications', await rp.use(passkey, {}, { origin })), 403, 'origin-not-allowed');
    }
  });

  it('decide which pages may embed a ceremony', async () => {
    const topOrigin = 'https://partner.example.org';
    const rp = await rpWith({ topOrigins: [topOrigin] });
    const { passkey } = await rp.register({ userId: 'user-1' }, { crossOrigin: true, topOrigin });
    const embedded = await rp.use(passkey, {}, { crossOrigin: true, topOrigin: 'https://evil.example.org' });
    expect(await problemOf(rp, 'authentications', embedded)).toMatchObject({ step: 'top-origin' });
    const strict = await rpWith({});
    const { body } = await strict.create({ userId: 'user-1', createUser: true }, { crossOrigin: true });
    expect(await problemOf(strict, 'registrations', body)).toMatchObject({ step: 'cross-origin' });
  });

  it('are the defaults of the options, and a request may ask for more', async () => {
    const rp = await rpWith({ residentKey: 'required', userVerification: 'discouraged', timeoutSeconds: 60 });
    const { options } = await rp.create({ userId: 'user-1', createUser: true });
    expect(options).toMatchObject({
      timeout: 60_000,
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'discouraged' },
    });
    const { body } = await rp.create(
      { userId: 'user-1', createUser: true, authenticatorSelection: { userVerification: 'required' } },
      { isUserVerified: false },
    );
    expectProblem(await rp.end('registrations', body), 403, 'user-verification-required');
  });

  it('signCount: report accepts a sign count that does not increase, and keeps the higher one', async () => {
    const rp = await rpWith({ signCount: 'report' });
    const { passkey } = await rp.register({ userId: 'user-1' }, { signCount: 10 });
    const answer = await rp.end('authentications', await rp.use(passkey, {}, { signCount: 4 }));
    expect(answer.body).toMatchObject({ signCountIncreased: false, credential: { signCount: 10 } });
    const next = await rp.end('authentications', await rp.use(passkey, {}, { signCount: 11 }));
    expect(next.body).toMatchObject({ credential: { signCount: 11 } });
    expect(next.body).not.toHaveProperty('signCountIncreased');
  });

  it('reports a changed flag BE, or refuses it, as the settings say', async () => {
    const reporting = await rpWith({});
    const { passkey } = await reporting.register({ userId: 'user-1' });
    const answer = await reporting.end('authentications', await reporting.use(passkey, {}, { invertedFlags: BE }));
    expect(answer.body).toMatchObject({ backupEligibilityChanged: true, credential: { backupEligible: true } });
    const refusing = await rpWith({ backupEligibility: 'refuse' });
    const strict = await refusing.register({ userId: 'user-1' });
    const changed = await refusing.use(strict.passkey, {}, { invertedFlags: BE });
    expect(await problemOf(refusing, 'authentications', changed)).toMatchObject({ step: 'backup-eligibility' });
    expect((await refusing.signIn(strict.passkey)).credential.backupEligible).toBe(false);
  });

  it('authenticators.deny refuses an authenticator by its AAGUID', async () => {
    const aaguid = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
    const rp = await rpWith({ authenticators: { deny: [aaguid] } });
    const made = await rp.create(
      { userId: 'user-1', createUser: true },
      { aaguid: Buffer.from(aaguid.replaceAll('-', ''), 'hex') },
    );
    const refused = await rp.end('registrations', made.body);
    expectProblem(refused, 403, 'authenticator-not-allowed');
    expect(refused.body).toMatchObject({ aaguid });
  });

  it('requireTrustedAttestation asks for an attestation, and refuses one without a root', async () => {
    const rp = await rpWith({ requireTrustedAttestation: true });
    const { options, body } = await rp.create({ userId: 'user-1', createUser: true }, { attests: 'self' });
    expect(options.attestation).toBe('direct');
    expectProblem(await rp.end('registrations', body), 403, 'attestation-not-trusted');
  });
});

describe('a repeated request with its Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'once' };

  it.each([
    { origins: ['https://login.shop.example.com'] },
    { userVerification: 'required' },
    { requireTrustedAttestation: true },
  ])('gets its answer after the settings have changed to %o, and no other response is accepted', async (settings) => {
    const rp = await newTestRp(service);
    const { passkey } = await rp.register({ userId: 'user-1' });
    const [signIn, other] = [1, 2].map(() => rp.use(passkey, {}, { isUserVerified: false }));
    const created = await rp.create({ userId: 'user-2', createUser: true }, { isUserVerified: false });
    const unused = await rp.create({ userId: 'user-3', createUser: true }, { isUserVerified: false });
    const requests = [
      ['authentications', (await signIn) ?? {}],
      ['registrations', created.body],
    ] as const;
    const first = await Promise.all(requests.map(([kind, body]) => rp.end(kind, body, headers)));
    expect(first.map(({ status }) => status)).toEqual([200, 201]);
    const edit = await service.send(`PATCH /v1/rps/${rp.rpRef}`, { as: rp.owner.session, body: { settings } });
    expect(edit.status).toBe(200);
    // A process knows new settings after 10 seconds.
    await service.pass(11_000);
    const again = await Promise.all(requests.map(([kind, body]) => rp.end(kind, body, headers)));
    expect(again.map(({ status, body }) => ({ status, body }))).toEqual(
      first.map(({ status, body }) => ({ status, body })),
    );
    for (const [kind, body] of requests) expect((await rp.end(kind, body)).status).toBeGreaterThanOrEqual(400);
    expect((await rp.end('registrations', unused.body, headers)).status).toBe(403);
    if ('requireTrustedAttestation' in settings) return;
    expect((await rp.end('authentications', (await other) ?? {}, headers)).status).toBe(403);
  });
});
