import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, testRpOf } from '../support/fido2/ceremonies.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ verifiesDomains: true, unsubscribeGraceHours: 0 });
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());

it('an RP signs its users in with this service alone, from its registration to the end of its customer', async () => {
  const alice: SignedUp = await service.signUp();
  const rp = await newTestRp(service, { owner: alice, isFree: true });
  const console = `/v1/rps/${rp.rpRef}`;
  const asAlice = (request: string, body?: object) => service.send(request, { as: alice.session, body });

  // The domain is verified by a DNS record.
  expectProblem(await rp.beginRegistration({ userId: 'carol', createUser: true }), 403, 'rp-not-verified');
  const { verification } = (await asAlice(`GET ${console}`)).body as {
    verification: { record: { name: string; value: string } };
  };
  expectProblem(await asAlice(`POST ${console}/verification`), 403, 'rp-not-verified');
  const { name, value } = verification.record;
  await service.send('PUT /_local/dns', { body: { name, txt: [value] } });
  expect((await asAlice(`POST ${console}/verification`)).status).toBe(200);

  // The settings ask for passkeys that need no user name.
  await asAlice(`PATCH ${console}`, { settings: { residentKey: 'required', userVerification: 'required' } });
  await service.pass(11_000);
  const { passkey: phone, answer } = await rp.register({
    userId: 'carol',
    user: { userName: 'carol@example.com', displayName: 'Carol Chiba' },
  });
  expect(answer.operation).toEqual({ month: '2026-11', status: 'counted' });

  // Carol signs in without a name, and adds a second device. She counts once, also if the RP reports her.
  expect((await rp.signIn(phone)).user).toMatchObject({ userId: 'carol', credentials: { total: 1 } });
  const { passkey: laptop } = await rp.register({ userId: 'carol', createUser: false });
  const reported = await service.send('POST /v1/rp/operations', {
    as: rp.apiKey,
    body: { operations: [{ userId: 'carol', type: 'authentication' }] },
  });
  expect(reported.body).toMatchObject({ results: [{ status: 'already-counted' }] });
  await service.registerUsers(rp.apiKey, ['dave']);
  await service.authenticateUsers(rp.apiKey, ['dave']);
  await service.drain();
  expect((await asAlice('GET /v1/customer/mau?months=3')).body).toMatchObject({
    rps: [{ mau: [0, 0, 2], measured: [0, 0, 1] }],
    total: [0, 0, 2],
    measuredTotal: [0, 0, 1],
  });

  // Carol loses her phone, and an administrator removes its passkey.
  const lost = phone.credentialId.toString('base64url');
  const open = await rp.use(phone);
  expect((await asAlice(`DELETE ${console}/users/carol/credentials/${lost}`)).status).toBe(204);
  expectProblem(await rp.end('authentications', open), 404, 'credential-unknown');
  expect((await rp.signIn(laptop, { userId: 'carol' })).user.credentials).toEqual({ total: 1, enabled: 1 });

  // A disabled user cannot sign in, not even with options from before.
  const begun = await rp.use(laptop);
  await service.send('PATCH /v1/rp/users/carol', { as: rp.apiKey, body: { disabled: true } });
  expectProblem(await rp.end('authentications', begun), 403, 'user-disabled');
  expectProblem(await rp.beginAuthentication({ userId: 'carol' }), 403, 'user-disabled');
  await service.send('PATCH /v1/rp/users/carol', { as: rp.apiKey, body: { disabled: false } });
  expect((await signIn(laptop)).status).toBe(200);

  // The customer unsubscribes. Nothing of its users is left.
  const session = await service.signIn(alice.email);
  const confirmation = 'Example Corporation';
  const left = await service.send('POST /v1/customer/unsubscription', { as: session, body: { confirmation } });
  expect(left.status).toBe(202);
  await service.send('POST /_local/schedules/begin-discarding');
  await service.pass(3_600_000);
  expect((await signIn(laptop)).status).toBe(401);
  await expect
    .poll(async () => (await service.dump()).map(({ pk }) => String(pk).split('#')[0]), {
      timeout: 60_000,
      interval: 500,
    })
    .toEqual(expect.not.arrayContaining(['RP', 'HANDLE', 'CREDENTIAL-ID', 'CUSTOMER', 'ACTIVE']));

  // No log line names a user or a credential.
  const credentialIds = [phone, laptop].map(({ credentialId }) => credentialId.toString('base64url'));
  for (const secret of ['carol', 'Carol', 'dave', ...credentialIds, answer.user.userHandle ?? '']) {
    expect(service.loggedText()).not.toContain(secret);
  }

  async function signIn(passkey: SoftPasskey) {
    const again = testRpOf(service, rp);
    const begunAgain = await again.beginAuthentication();
    if (begunAgain.status !== 200) return begunAgain;
    return again.end('authentications', await again.use(passkey));
  }
});
