import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerCredentialContract, requestRegistrationOptionsContract } from '../../functions/contract/ceremonies.ts';
import { getUserContract } from '../../functions/contract/users.ts';
import { coseKey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let rp: TestRp;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
  rp = await newTestRp(service);
});
afterAll(() => service.stop());

let users = 0;
/** Returns a user ID that no other test uses. */
const newUserId = () => `user-${(users += 1)}`;
const readUser = async (userId: string) =>
  (await service.send(`GET /v1/rp/users/${userId}`, { as: rp.apiKey })).read(getUserContract.answer.body);

describe('the options of a registration', () => {
  it('show a new user, and ask for a discoverable credential and user verification as the settings say', async () => {
    const userId = newUserId();
    const before = service.now();
    const answer = await rp.beginRegistration({
      userId,
      createUser: true,
      user: { userName: 'Alice@Example.com', displayName: 'Alice Arai' },
      hints: ['client-device'],
    });
    expect(answer.status).toBe(200);
    const { ceremony, options, expiresAt } = answer.read(requestRegistrationOptionsContract.answer.body);
    expect(options).toMatchObject({
      rp: { id: 'shop.example.com', name: 'Example Shop' },
      user: { name: 'Alice@Example.com', displayName: 'Alice Arai' },
      timeout: 300_000,
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
      hints: ['client-device'],
      attestation: 'none',
      extensions: { credProps: true },
    });
    expect(options.pubKeyCredParams[0]).toEqual({ type: 'public-key', alg: -7 });
    expect(Buffer.from(options.user.id, 'base64url')).toHaveLength(32);
    expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32);
    expect(ceremony.length).toBeLessThanOrEqual(2_048);
    // The ceremony ends a minute after the browser's time is over.
    expect(Date.parse(expiresAt) - before).toBeGreaterThan(358_000);
    expect(Date.parse(expiresAt) - service.now()).toBeLessThanOrEqual(360_000);
  });

  it('write nothing', async () => {
    await service.drain();
    const before = await service.dump();
    await rp.beginRegistration({ userId: newUserId(), createUser: true });
    expect(await service.dump()).toEqual(before);
  });

  it('have at most 2 KB of ceremony for the longest names', async () => {
    const long = '漢字仮名交じり文'.repeat(25);
    const answer = await rp.beginRegistration({
      userId: 'u'.repeat(128),
      createUser: true,
      user: {
        userName: long,
        displayName: `${long.slice(7)}${long.slice(0, 7)}`,
        userHandle: randomBytes(64).toString('base64url'),
      },
      context: 'c'.repeat(200),
    });
    expect(answer.read(requestRegistrationOptionsContract.answer.body).ceremony.length).toBeLessThanOrEqual(2_048);
  });

  it('allow a conditional registration, which needs neither the presence nor the verification of the user', async () => {
    const { answer } = await rp.register({ userId: newUserId() });
    const { userId } = answer.user;
    const deviations = { isUserPresent: false, isUserVerified: false };
    const { body } = await rp.create({ userId, mediation: 'conditional' }, deviations);
    const created = await rp.end('registrations', body);
    expect(created.body).toMatchObject({ credential: { userVerified: false }, user: { credentials: { total: 2 } } });
    const { body: ordinary } = await rp.create({ userId }, deviations);
    expect((await rp.end('registrations', ordinary)).body).toMatchObject({ step: 'user-presence' });
  });

  it('list the credentials of the user, so that no authenticator creates a second one', async () => {
    const { answer, passkey } = await rp.register({ userId: newUserId() });
    const begun = await rp.beginRegistration({ userId: answer.user.userId });
    expect(begun.read(requestRegistrationOptionsContract.answer.body).options).toMatchObject({
      user: { id: answer.user.userHandle },
      excludeCredentials: [
        {
          type: 'public-key',
          id: passkey.credentialId.toString('base64url'),
          transports: ['internal', 'hybrid'],
        },
      ],
    });
  });

  it('do not mix two users up when the RP gives one of them the user handle of the other', async () => {
    const [without, withHandle] = [newUserId(), newUserId()];
    await service.registerUsers(rp.apiKey, [without]);
    const { userHandle } = await readUser(without);
    const { passkey } = await rp.register({ userId: withHandle, user: { userHandle: userHandle ?? '' } });
    expectProblem(await rp.beginAuthentication({ userId: without }), 409, 'no-credential');
    const { options, body } = await rp.create({ userId: without });
    expect(options.excludeCredentials).toEqual([]);
    expectProblem(await rp.end('registrations', body), 409, 'already-exists');
    expect((await rp.signIn(passkey)).user.userId).toBe(withHandle);
  });

  it('are refused for an unknown user, and for a new user who exists', async () => {
    const { answer } = await rp.register({ userId: newUserId() });
    expectProblem(await rp.beginRegistration({ userId: newUserId() }), 404, 'not-found');
    const again = await rp.beginRegistration({ userId: answer.user.userId, createUser: true });
    expectProblem(again, 409, 'already-exists', '#/userId');
    const withHandle = await rp.beginRegistration({
      userId: newUserId(),
      createUser: true,
      user: { userHandle: answer.user.userHandle ?? '' },
    });
    expectProblem(withHandle, 409, 'already-exists', '#/user/userHandle');
  });

  it.each([
    [{ user: { userName: 'Alice' } }, '#/user', 'only-for-a-new-user'],
    [{ createUser: true, mediation: 'conditional' }, '#/mediation', 'not-for-a-new-user'],
    [{ createUser: true, mediation: undefined, timeoutSeconds: 29 }, '#/timeoutSeconds', 'too-small'],
    [{ createUser: true, user: { userHandle: 'A' } }, '#/user/userHandle', 'not-base64url'],
    [{ createUser: true, context: 'x'.repeat(201) }, '#/context', 'too-long'],
  ] as const)('refuse %j', async (body, pointer, code) => {
    const { answer } = await rp.register({ userId: newUserId() });
    const userId = 'createUser' in body ? newUserId() : answer.user.userId;
    const refused = await rp.beginRegistration({ userId, ...body });
    expectProblem(refused, 400, 'validation', pointer);
    expect(refused.body).toMatchObject({ errors: [{ code }] });
  });
});

describe('the end of a registration', () => {
  it('creates the user with the first credential, and counts the user', async () => {
    const userId = newUserId();
    const { passkey, body } = await rp.create({
      userId,
      createUser: true,
      user: { userName: 'Bob', displayName: 'Bob Baba' },
    });
    const answer = await rp.end('registrations', {
      ...body,
      user: { attributes: { plan: 'gold' } },
      credential: { name: 'Key of Bob', attributes: { place: 'office' } },
    });
    expect(answer.status).toBe(201);
    const registered = answer.read(registerCredentialContract.answer.body);
    expect(registered).toMatchObject({
      user: {
        ...{ userId, userName: 'Bob', displayName: 'Bob Baba', attributes: { plan: 'gold' }, disabled: false },
        credentials: { total: 1, enabled: 1 },
        version: 1,
      },
      credential: {
        id: passkey.credentialId.toString('base64url'),
        name: 'Key of Bob',
        attributes: { place: 'office' },
        ...{ authenticator: null, algorithm: -7, transports: ['internal', 'hybrid'], discoverable: null },
        ...{ backupEligible: false, backedUp: false, userVerified: true, signCount: 0, disabled: false, version: 1 },
        attestation: { format: 'none', type: 'none', trusted: false },
        lastUsedAt: null,
      },
      operation: { month: '2026-11', status: 'counted' },
      signals: {
        currentUserDetails: {
          rpId: 'shop.example.com',
          userId: registered.user.userHandle,
          name: 'Bob',
          displayName: 'Bob Baba',
        },
      },
    });
    expect(registered.credential.publicKey).toBe(
      passkey.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
    );
    expect(await readUser(userId)).toEqual(registered.user);
  });

  it('adds a second credential to the user, who counts once', async () => {
    const { answer: first } = await rp.register({ userId: newUserId() });
    const { userId } = first.user;
    const { answer: second } = await rp.register({ userId, createUser: false });
    expect(second).toMatchObject({
      user: { userId, userHandle: first.user.userHandle, credentials: { total: 2, enabled: 2 } },
      operation: { status: 'already-counted' },
    });
  });

  it('adds a first credential to a user whom the RP registered without one', async () => {
    const userId = newUserId();
    await service.registerUsers(rp.apiKey, [userId]);
    const before = await readUser(userId);
    expect(before).toMatchObject({ credentials: { total: 0, enabled: 0 } });
    const { answer, passkey } = await rp.register({ userId, createUser: false });
    expect(answer).toMatchObject({
      user: { userHandle: before.userHandle, credentials: { total: 1, enabled: 1 } },
      operation: { status: 'counted' },
    });
    expect((await rp.signIn(passkey)).user.userId).toBe(userId);
  });

  it('verifies everything and stores nothing with dryRun', async () => {
    const userId = newUserId();
    const { body } = await rp.create({ userId, createUser: true });
    await service.drain();
    const before = await service.dump();
    const dry = await rp.end('registrations', { ...body, dryRun: true });
    expect(dry.status).toBe(200);
    expect(dry.body).toMatchObject({ user: { userId }, operation: null, dryRun: true });
    expect(await service.dump()).toEqual(before);
    expect((await rp.end('registrations', body)).status).toBe(201);
    expectProblem(await rp.end('registrations', { ...body, dryRun: true }), 409, 'ceremony-used');
  });

  it('is accepted once', async () => {
    const { body } = await rp.create({ userId: newUserId(), createUser: true });
    expect((await rp.end('registrations', body)).status).toBe(201);
    const again = await rp.end('registrations', body);
    expectProblem(again, 409, 'ceremony-used');
    expect(again.body).toMatchObject({ usedAt: expect.stringMatching(/^2026-11-02T08:/) as string });
  });

  it('answers a repetition with the same Idempotency-Key like the first request', async () => {
    const { body } = await rp.create({ userId: newUserId(), createUser: true });
    const headers = { 'idempotency-key': 'registration-1' };
    const first = await rp.end('registrations', body, headers);
    const again = await rp.end('registrations', body, headers);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expectProblem(await rp.end('registrations', body, { 'idempotency-key': 'other' }), 409, 'ceremony-used');
    expectProblem(await rp.end('registrations', body, { 'idempotency-key': 'ä ö' }), 400, 'validation');
  });

  it('lets only the first of two ceremonies create a user', async () => {
    const userId = newUserId();
    const [one, other] = [await rp.create({ userId, createUser: true }), await rp.create({ userId, createUser: true })];
    expect((await rp.end('registrations', one.body)).status).toBe(201);
    expectProblem(await rp.end('registrations', other.body), 409, 'already-exists', '#/userId');
    expect(await readUser(userId)).toMatchObject({ credentials: { total: 1 } });
  });

  it('refuses a credential that a user of the RP has already', async () => {
    const { passkey } = await rp.register({ userId: newUserId() });
    const { credentialId } = passkey;
    const { body } = await rp.create({ userId: newUserId(), createUser: true }, { credentialId });
    expectProblem(await rp.end('registrations', body), 409, 'credential-exists');
  });

  it('refuses a public key that the user has already, under whatever credential ID', async () => {
    const { passkey, answer } = await rp.register({ userId: newUserId() });
    const { userId } = answer.user;
    const key = [...coseKey(passkey)];
    const { body } = await rp.create({ userId }, { key });
    expectProblem(await rp.end('registrations', body), 409, 'credential-exists');
    // After the first one was removed, the same key can be registered again.
    const path = `/v1/rp/users/${userId}/credentials/${answer.credential.id}`;
    expect((await service.send(`DELETE ${path}`, { as: rp.apiKey })).status).toBe(204);
    expect((await rp.end('registrations', body)).status).toBe(201);
  });

  it('refuses a public key that the user has already in another COSE form', async () => {
    const first = await rp.register({ userId: newUserId() });
    const members = [...coseKey(first.passkey)];
    const inAnotherOrder = await rp.create(
      { userId: first.answer.user.userId },
      { key: [...members, [1, undefined], ...members] },
    );
    expectProblem(await rp.end('registrations', inAnotherOrder.body), 409, 'credential-exists');

    const algorithm = -257;
    const second = await rp.register({ userId: newUserId() }, { algorithm });
    const modulus = coseKey(second.passkey).get(-1) as Uint8Array;
    const withLeadingZero = await rp.create(
      { userId: second.answer.user.userId },
      { algorithm, key: [...coseKey(second.passkey), [-1, new Uint8Array([0, ...modulus])]] },
    );
    expectProblem(await rp.end('registrations', withLeadingZero.body), 409, 'credential-exists');
  });

  it('refuses a ceremony that has expired, of another type, of another context, or changed', async () => {
    const userId = newUserId();
    const { body } = await rp.create({ userId, createUser: true, context: 'session 1', timeoutSeconds: 30 });
    expectProblem(await rp.end('registrations', body), 400, 'ceremony-invalid');
    expectProblem(await rp.end('registrations', { ...body, context: 'session 2' }), 400, 'ceremony-invalid');
    const changed = body.ceremony.replace(/^(.{40})(.)/, (_, head: string, at) => head + (at === 'A' ? 'B' : 'A'));
    const context = 'session 1';
    expectProblem(await rp.end('registrations', { ...body, context, ceremony: changed }), 400, 'ceremony-invalid');
    const { passkey } = await rp.register({ userId: newUserId() });
    const authentication = await rp.use(passkey);
    const other = { ...body, context, ceremony: authentication.ceremony };
    expectProblem(await rp.end('registrations', other), 400, 'ceremony-invalid');

    await service.pass(80_000);
    const inTime = await rp.create({ userId, createUser: true, timeoutSeconds: 30 });
    expect((await rp.end('registrations', { ...body, context })).status).toBe(201);
    await service.pass(91_000);
    expectProblem(await rp.end('registrations', inTime.body), 400, 'ceremony-expired');
    await service.pass(30 * 24 * 3_600_000);
    expectProblem(await rp.end('registrations', inTime.body), 400, 'ceremony-expired');
    expectProblem(await rp.end('registrations', inTime.body, { 'idempotency-key': 'late' }), 400, 'ceremony-expired');
  });

  it('refuses a response that the verification refuses, and names the step', async () => {
    const userId = newUserId();
    const created = await rp.create({ userId, createUser: true }, { origin: 'https://evil.example.org' });
    const refused = await rp.end('registrations', created.body);
    expectProblem(refused, 403, 'origin-not-allowed');
    expect(refused.body).toMatchObject({ origin: 'https://evil.example.org' });
    const wrong = await rp.create({ userId, createUser: true }, { rpId: 'other.example.com' });
    const invalid = await rp.end('registrations', wrong.body);
    expectProblem(invalid, 400, 'response-invalid');
    expect(invalid.body).toMatchObject({ step: 'rp-id-hash' });
    const unverified = await rp.create(
      { userId, createUser: true, authenticatorSelection: { userVerification: 'required' } },
      { isUserVerified: false },
    );
    expectProblem(await rp.end('registrations', unverified.body), 403, 'user-verification-required');
    // A refused response uses nothing up.
    const repaired = await rp.create({ userId, createUser: true });
    expect((await rp.end('registrations', repaired.body)).status).toBe(201);
  });

  it('refuses a 21st credential, with the options and at the end', async () => {
    const { answer } = await rp.register({ userId: newUserId() });
    const { userId } = answer.user;
    const extra = await rp.create({ userId });
    for (let count = 2; count <= 20; count += 1) await rp.register({ userId, createUser: false });
    expectProblem(await rp.beginRegistration({ userId }), 409, 'too-many-credentials');
    expectProblem(await rp.end('registrations', extra.body), 409, 'too-many-credentials');
    expect(await readUser(userId)).toMatchObject({ credentials: { total: 20, enabled: 20 } });
  });
});
