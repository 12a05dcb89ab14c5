import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestAuthenticationOptionsContract } from '../../functions/contract/ceremonies.ts';
import { usePasskey, type SoftPasskey } from '../support/fido2/authenticator.ts';
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
/** Registers a new user with a passkey. */
async function newUser(deviations: Parameters<TestRp['register']>[1] = {}) {
  const userId = `user-${(users += 1)}`;
  const { passkey, answer } = await rp.register({ userId }, deviations);
  return { userId, passkey, credentialId: answer.credential.id, userHandle: answer.user.userHandle ?? '' };
}
const disable = (userId: string) =>
  service.send(`PATCH /v1/rp/users/${userId}`, { as: rp.apiKey, body: { disabled: true } });
const problemOf = async (body: object) => {
  const { status, body: problem } = await rp.end('authentications', body);
  return { status, ...(problem as { type: string; step?: string; signals?: object; usedAt?: string }) };
};
const optionsOf = async (body: Parameters<TestRp['beginAuthentication']>[0]) =>
  (await rp.beginAuthentication(body)).read(requestAuthenticationOptionsContract.answer.body).options;

describe('the options of an authentication', () => {
  it('name no credential without a user, and need no call to the table', async () => {
    await rp.beginAuthentication();
    await service.drain();
    const before = await service.dump();
    const { ceremony, options } = (await rp.beginAuthentication()).read(
      requestAuthenticationOptionsContract.answer.body,
    );
    expect(options).toEqual({
      rpId: 'shop.example.com',
      challenge: options.challenge,
      timeout: 300_000,
      userVerification: 'preferred',
    });
    expect(ceremony.length).toBeLessThanOrEqual(2_048);
    expect(await service.dump()).toEqual(before);
  });

  it('list the enabled credentials of a user, or some of them', async () => {
    const { userId, credentialId } = await newUser();
    const second = await rp.register({ userId, createUser: false });
    const ids = (await optionsOf({ userId })).allowCredentials?.map(({ id }) => id);
    expect(ids?.sort()).toEqual([credentialId, second.answer.credential.id].sort());
    const restricted = await optionsOf({ userId, credentialIds: [credentialId] });
    expect(restricted.allowCredentials?.map(({ id }) => id)).toEqual([credentialId]);
  });

  it('are refused for an unknown user, a user without a credential, and other credentials', async () => {
    const { userId } = await newUser();
    const other = await newUser();
    await service.registerUsers(rp.apiKey, ['without-credential']);
    expectProblem(await rp.beginAuthentication({ userId: 'nobody' }), 404, 'not-found');
    expectProblem(await rp.beginAuthentication({ userId: 'without-credential' }), 409, 'no-credential');
    const foreign = await rp.beginAuthentication({ userId, credentialIds: [other.credentialId] });
    expectProblem(foreign, 409, 'no-credential');
    const unnamed = await rp.beginAuthentication({ credentialIds: [other.credentialId] });
    expectProblem(unnamed, 400, 'validation', '#/credentialIds');
    expectProblem(
      await rp.beginAuthentication({ concealUnknownUser: true }),
      400,
      'validation',
      '#/concealUnknownUser',
    );
  });
});

describe('the end of an authentication', () => {
  it('signs in a user whom the passkey names, and counts the user once a month', async () => {
    const { passkey, userId, userHandle } = await newUser();
    const signedIn = await rp.signIn(passkey);
    expect(signedIn).toMatchObject({
      user: { userId, userHandle, credentials: { total: 1, enabled: 1 } },
      credential: { lastUsedAt: expect.stringMatching(/^2026-11-02T/) as string },
      userVerified: true,
      operation: { month: '2026-11', status: 'already-counted' },
      signals: { currentUserDetails: { rpId: rp.rpId, userId: userHandle, name: userId, displayName: '' } },
    });
    expect(signedIn).not.toHaveProperty('signCountIncreased');
    expect(signedIn).not.toHaveProperty('backupEligibilityChanged');
    expect(signedIn.signals).not.toHaveProperty('allAcceptedCredentials');
  });

  it('says whether the authenticator verified the user', async () => {
    const { passkey } = await newUser();
    const answer = await rp.end('authentications', await rp.use(passkey, {}, { isUserVerified: false }));
    expect(answer.body).toMatchObject({ userVerified: false, credential: { userVerified: true } });
    const required = await rp.use(passkey, { userVerification: 'required' }, { isUserVerified: false });
    expect(await problemOf(required)).toMatchObject({ status: 403, type: '/problems/user-verification-required' });
  });

  it('lists all credentials of the user for the browser if the RP asks for them', async () => {
    const { passkey, userId, credentialId, userHandle } = await newUser();
    const second = await rp.register({ userId, createUser: false });
    const answer = await rp.end('authentications', { ...(await rp.use(passkey)), signals: true });
    const { signals } = answer.body as { signals: { allAcceptedCredentials: { allAcceptedCredentialIds: string[] } } };
    expect(signals.allAcceptedCredentials).toEqual({
      rpId: rp.rpId,
      userId: userHandle,
      allAcceptedCredentialIds: expect.arrayContaining([credentialId, second.answer.credential.id]) as string[],
    });
    expect(signals.allAcceptedCredentials.allAcceptedCredentialIds).toHaveLength(2);
  });

  it('is accepted once, and a repetition with the same Idempotency-Key gets the same answer', async () => {
    const { passkey } = await newUser();
    const body = await rp.use(passkey);
    const headers = { 'idempotency-key': 'sign-in 1'.replace(' ', '-') };
    const first = await rp.end('authentications', body, headers);
    await service.pass(1_000);
    const again = await rp.end('authentications', body, headers);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    const other = await rp.end('authentications', body);
    expectProblem(other, 409, 'ceremony-used');
    expect(other.body).toMatchObject({ usedAt: expect.stringMatching(/^2026-11-02T08:/) as string });
  });

  it('repeats an answer after the ceremony has ended, but accepts no response then', async () => {
    const { passkey } = await newUser();
    const [body, late] = [await rp.use(passkey), await rp.use(passkey)];
    const headers = { 'idempotency-key': 'late' };
    const first = await rp.end('authentications', body, headers);
    await service.pass(10 * 60_000);
    const again = await rp.end('authentications', body, headers);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expectProblem(await rp.end('authentications', late, headers), 400, 'ceremony-expired');
    const { body: registration } = await rp.create({ userId: 'late-user', createUser: true });
    const created = await rp.end('registrations', registration, headers);
    const { body: other } = await rp.create({ userId: 'other-late-user', createUser: true });
    await service.pass(10 * 60_000);
    expect((await rp.end('registrations', registration, headers)).body).toEqual(created.body);
    expectProblem(await rp.end('registrations', other, headers), 400, 'ceremony-expired');
  });

  it('refuses the result of an extension of U2F, however deep it is', async () => {
    const { passkey } = await newUser();
    const { ceremony, response } = await rp.use(passkey);
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    const answer = await service.send('POST /v1/rp/authentications', {
      as: rp.apiKey,
      raw: JSON.stringify({ ceremony, response: { ...(response as object), clientExtensionResults: {} } }).replace(
        '"clientExtensionResults":{}',
        `"clientExtensionResults":{"appid":${deep}}`,
      ),
      headers: { 'idempotency-key': 'deep' },
    });
    expectProblem(answer, 400, 'response-invalid');
    expect(answer.body).toMatchObject({ step: 'extensions' });
  });

  it('judges the use of the ceremony before the sign count', async () => {
    const { passkey } = await newUser({ signCount: 5 });
    const body = await rp.use(passkey);
    expect((await rp.end('authentications', body)).status).toBe(200);
    expect(await problemOf(body)).toMatchObject({ status: 409, type: '/problems/ceremony-used' });
  });

  it('refuses a sign count that does not increase, and only after the signature', async () => {
    const { passkey } = await newUser({ signCount: 5 });
    const stale = await rp.use(passkey, {}, { signCount: 5 });
    expect(await problemOf(stale)).toMatchObject({ status: 403, type: '/problems/sign-count-not-increased' });
    const forged = await rp.use(passkey, {}, { signCount: 1_000 });
    const response = forged.response as { response: { signature: string } };
    response.response.signature = response.response.signature.replace(/.{4}$/, 'AAAA');
    expect(await problemOf(forged)).toMatchObject({ status: 400, step: 'signature' });
    expect((await rp.signIn(passkey)).credential.signCount).toBe(8);
  });

  it('refuses another user’s credential in a named ceremony, and one that was registered since', async () => {
    const { userId, passkey, userHandle } = await newUser();
    const other = await newUser();
    const foreign = await rp.use(other.passkey, { userId }, { userHandle: null });
    expect(await problemOf(foreign)).toMatchObject({ status: 400, step: 'allow-credentials' });
    expect(await problemOf(await rp.use(passkey, { userId }, { userHandle: other.userHandle }))).toMatchObject({
      status: 400,
      step: 'user-handle',
    });
    const begun = await rp.use(passkey, { userId }, { userHandle });
    const { passkey: later } = await rp.register({ userId, createUser: false });
    const { options } = { options: { challenge: challengeIn(begun) } };
    const withLater = { ...begun, response: usePasskey(rp.origin, later, options) };
    expect(await problemOf(withLater)).toMatchObject({ status: 400, step: 'allow-credentials' });
    expect((await rp.end('authentications', begun)).status).toBe(200);
  });

  it('needs a user handle in an unnamed ceremony, and not in a named one', async () => {
    const { userId, passkey } = await newUser();
    expect(await problemOf(await rp.use(passkey, {}, { userHandle: null }))).toMatchObject({
      status: 400,
      step: 'user-handle',
    });
    const named = await rp.use(passkey, { userId }, { userHandle: null });
    expect((await rp.end('authentications', named)).status).toBe(200);
  });

  it('tells the browser to forget a credential that nobody has, and none that belongs to somebody', async () => {
    const { passkey, userHandle } = await newUser();
    const other = await newUser();
    const unknown: SoftPasskey = { ...passkey, credentialId: Buffer.alloc(32, 7) };
    const { type, status, signals } = await problemOf(await rp.use(unknown));
    expect({ type, status, signals }).toEqual({
      type: '/problems/credential-unknown',
      status: 404,
      signals: { unknownCredential: { rpId: rp.rpId, credentialId: unknown.credentialId.toString('base64url') } },
    });
    const wrongHandle = await problemOf(await rp.use(passkey, {}, { userHandle: other.userHandle }));
    expect(wrongHandle).toMatchObject({ status: 404, type: '/problems/credential-unknown' });
    expect(wrongHandle).not.toHaveProperty('signals');
    expect((await rp.signIn({ ...passkey, userHandle })).user.userHandle).toBe(userHandle);
  });

  it('refuses an expired ceremony, and a conditional one after 24 hours', async () => {
    const { passkey } = await newUser();
    const [ordinary, conditional] = [await rp.use(passkey), await rp.use(passkey, { mediation: 'conditional' })];
    const second = await rp.use(passkey, { mediation: 'conditional' });
    await service.pass(361_000);
    expect(await problemOf(ordinary)).toMatchObject({ status: 400, type: '/problems/ceremony-expired' });
    await service.pass(23 * 3_600_000);
    expect((await rp.end('authentications', conditional)).status).toBe(200);
    await service.pass(3_600_000);
    expect(await problemOf(second)).toMatchObject({ status: 400, type: '/problems/ceremony-expired' });
  });
});

describe('an authentication with concealUnknownUser', () => {
  it('has options of the same form for every user: unknown, disabled, with and without a credential', async () => {
    const [{ userId }, { userId: disabled }] = [await newUser(), await newUser()];
    await disable(disabled);
    await service.registerUsers(rp.apiKey, ['concealed-without']);
    for (const asked of [userId, disabled, 'concealed-nobody', 'concealed-without']) {
      const options = await optionsOf({ userId: asked, concealUnknownUser: true });
      const again = await optionsOf({ userId: asked, concealUnknownUser: true });
      expect(Object.keys(options).sort()).toEqual([
        'allowCredentials',
        'challenge',
        'rpId',
        'timeout',
        'userVerification',
      ]);
      expect(options.allowCredentials?.length).toBeGreaterThan(0);
      expect(again.allowCredentials).toEqual(options.allowCredentials);
      for (const listed of options.allowCredentials ?? []) expect(Object.keys(listed).sort()).toEqual(['id', 'type']);
    }
  });

  it('ends with one problem for an unknown or disabled user, an unknown credential and a bad signature', async () => {
    const { userId, passkey } = await newUser();
    const late = await newUser();
    const begunBefore = await rp.use(late.passkey, { userId: late.userId, concealUnknownUser: true });
    await disable(late.userId);
    const begunAfter = await rp.use(late.passkey, { userId: late.userId, concealUnknownUser: true });
    const asked = { userId, concealUnknownUser: true };
    const bad = await rp.use(passkey, asked);
    const response = bad.response as { response: { signature: string } };
    response.response.signature = response.response.signature.replace(/.{4}$/, 'AAAA');
    const unknown = await rp.use(passkey, { userId: 'concealed-nobody', concealUnknownUser: true });
    const madeUp = await optionsOf({ userId: 'concealed-nobody', concealUnknownUser: true });
    const pretended: SoftPasskey = {
      ...passkey,
      credentialId: Buffer.from(madeUp.allowCredentials?.[0]?.id ?? '', 'base64url'),
    };
    const attacks = [
      begunBefore,
      begunAfter,
      bad,
      unknown,
      await rp.use(pretended, { userId: 'concealed-nobody', concealUnknownUser: true }),
    ];
    const problems = await Promise.all(attacks.map(problemOf));
    for (const { requestId: _, ...problem } of problems as (object & { requestId?: string })[]) {
      expect(problem).toEqual({
        type: '/problems/sign-in-refused',
        status: 403,
        title: 'The sign-in was refused',
        detail: 'The sign-in was refused.',
      });
    }
    expect((await rp.signIn(passkey, asked)).user.userId).toBe(userId);
  });
});

/** Returns the challenge in the client data of a response. */
function challengeIn({ response }: { response: unknown }): string {
  const { clientDataJSON } = (response as { response: { clientDataJSON: string } }).response;
  return (JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { challenge: string }).challenge;
}
