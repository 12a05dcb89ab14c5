import { beforeEach, describe, expect, it } from 'vitest';
import { requestPasskeyOptionsContract } from '../../functions/contract/passkeys.ts';
import { createSessionContract, requestSessionOptionsContract } from '../../functions/contract/sessions.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { usePasskey, type SoftPasskey } from '../support/fido2/authenticator.ts';
import { expectProblem, passkeyService } from '../support/fido2/passkeys.ts';
import type { SignedUp, TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;

const { signIn, list, current, statusOf, expectUnchanged } = passkeyService(
  (opened) => {
    ({ service, alice } = opened);
  },
  { unsubscribeGraceHours: 0 },
);

describe('signing in with a passkey', () => {
  let passkey: SoftPasskey;
  beforeEach(async () => {
    ({ passkey } = await service.addPasskey(alice.session));
  });

  it('begins with options that name no user', async () => {
    const answer = await service.send('POST /v1/sessions/options');
    expect(answer.read(requestSessionOptionsContract.answer.body)).toEqual({
      rpId: new URL(service.origin).hostname,
      challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      timeout: 300_000,
      userVerification: 'required',
    });
  });

  it('creates a session of 12 hours, sets the session cookie, and records when the passkey was last used', async () => {
    const answer = await signIn(await service.answerWith(passkey));
    expect(answer.status).toBe(201);
    const { sessionToken, expiresAt, administrator, mayOnly } = answer.read(createSessionContract.answer.body);
    expect(answer.headers.getSetCookie()).toEqual([service.sessionCookie(sessionToken, 43200)]);
    expect(administrator).toMatchObject({ id: alice.administratorId, representative: true, status: 'active' });
    expect(mayOnly).toBeNull();
    const session = await current(sessionToken);
    expect(session).toMatchObject({ expiresAt, administrator, mayOnly: null, hasPasskey: true });
    expect(Date.parse(expiresAt) - Date.parse(session.signedInAt)).toBe(12 * HOUR);
    const [used] = await list(sessionToken);
    expect(used?.lastUsedAt).toBe(session.signedInAt);
  });

  it('succeeds even if the response contains additional JSON members', async () => {
    const response = await service.answerWith(passkey);
    const extended = { ...response, clientExtensionResults: {}, authenticatorAttachment: null, more: { a: 1 } };
    expect((await signIn(extended)).status).toBe(201);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin with another port', { origin: 'http://localhost:1' }],
    ['another RP ID', { rpId: 'evil.example' }],
    ['the type of a registration', { type: 'webauthn.create' }],
    ['a challenge that was never issued', { challenge: 'A'.repeat(43) }],
    ['no challenge', { challenge: '' }],
    ['no proof of user presence', { isUserPresent: false }],
    ['no proof of user verification', { isUserVerified: false }],
    ['crossOrigin: true', { crossOrigin: true }],
    ['a topOrigin', { topOrigin: 'https://evil.example' }],
    ['no user handle', { userHandle: null }],
    ['a user handle that nobody has', { userHandle: Buffer.from('nobody').toString('base64url') }],
  ] as const)('fails without using up the issued challenge if the response contains %s', async (_, deviations) => {
    const { challenge } = (await service.send('POST /v1/sessions/options')).read(
      requestSessionOptionsContract.answer.body,
    );
    await expectUnchanged(async () => {
      expectProblem(
        await signIn(usePasskey(service.origin, passkey, { challenge }, deviations)),
        401,
        'unauthenticated',
      );
    });
    expect((await signIn(usePasskey(service.origin, passkey, { challenge }))).status).toBe(201);
  });

  it('fails if the signature was made with another private key or does not match the data', async () => {
    const other = await service.addPasskey(alice.session);
    const response = await service.answerWith(passkey);
    const forged = { ...other.passkey, credentialId: passkey.credentialId };
    await expectUnchanged(async () => {
      const { challenge } = JSON.parse(Buffer.from(response.response.clientDataJSON, 'base64url').toString()) as {
        challenge: string;
      };
      expectProblem(await signIn(usePasskey(service.origin, forged, { challenge })), 401, 'unauthenticated');
      const signature = Buffer.from(response.response.signature, 'base64url');
      signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
      const changed = { ...response.response, signature: signature.toString('base64url') };
      expectProblem(await signIn({ ...response, response: changed }), 401, 'unauthenticated');
      const cut = { ...response.response, signature: signature.subarray(0, -3).toString('base64url') };
      expectProblem(await signIn({ ...response, response: cut }), 401, 'unauthenticated');
    });
  });

  it('succeeds only once with each challenge, even if requests arrive at the same time', async () => {
    const response = await service.answerWith(passkey);
    const answers = await Promise.all(Array.from({ length: 8 }, () => signIn(response)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 401)]);
    expectProblem(await signIn(response), 401, 'unauthenticated');
  });

  it('fails if the response arrives 5 minutes after the request for options', async () => {
    const [late, inTime] = [await service.answerWith(passkey), await service.answerWith(passkey)];
    await service.pass(4 * MINUTE);
    expect((await signIn(inTime)).status).toBe(201);
    await service.pass(MINUTE);
    expectProblem(await signIn(late), 401, 'unauthenticated');
  });

  it('fails if the challenge was issued for a registration', async () => {
    const options = await service.send('POST /v1/passkeys/options', { as: alice.session });
    const { challenge } = options.read(requestPasskeyOptionsContract.answer.body);
    await expectUnchanged(async () => {
      expectProblem(await signIn(usePasskey(service.origin, passkey, { challenge })), 401, 'unauthenticated');
    });
  });

  it('fails if the passkey was never added or was removed', async () => {
    const never = await service.makePasskey(alice.session);
    expectProblem(await signIn(await service.answerWith(never.passkey)), 401, 'unauthenticated');
    const removed = await service.addPasskey(alice.session);
    expect((await signIn(await service.answerWith(removed.passkey))).status).toBe(201);
    await service.send(`DELETE /v1/passkeys/${removed.id}`, { as: alice.session });
    expectProblem(await signIn(await service.answerWith(removed.passkey)), 401, 'unauthenticated');
  });

  it('fails if the user handle belongs to another administrator of the same customer or of another customer', async () => {
    const bob = await service.addAdministrator(alice.session, 'privileged');
    const carol = await service.signUp();
    for (const { session } of [bob, carol]) {
      const { passkey: theirs } = await service.addPasskey(session);
      const { userHandle } = theirs;
      expectProblem(await signIn(await service.answerWith(passkey, { userHandle })), 401, 'unauthenticated');
      // A sign-in also fails with a passkey that has Alice's credential ID and user handle but another administrator's
      // private key.
      const stolen = await service.addPasskey(session, { credentialId: passkey.credentialId });
      const forged = { ...stolen.passkey, userHandle: passkey.userHandle };
      expectProblem(await signIn(await service.answerWith(forged)), 401, 'unauthenticated');
    }
    const own = await signIn(await service.answerWith(passkey));
    expect(own.read(createSessionContract.answer.body).administrator.id).toBe(alice.administratorId);
  });

  it('fails after the administrator is removed, and the removal deletes every item of the administrator', async () => {
    const bob = await service.addAdministrator(alice.session, 'privileged');
    const theirs = await service.addPasskey(bob.session);
    await service.addPasskey(bob.session);
    const response = await service.answerWith(theirs.passkey);
    const removed = await service.send(`DELETE /v1/administrators/${bob.administratorId}`, { as: alice.session });
    expect(removed.status).toBe(204);
    expectProblem(await signIn(response), 401, 'unauthenticated');
    const left = (await service.dump()).filter(({ sk }) => String(sk).includes(bob.administratorId));
    expect(left).toEqual([]);
    expect((await signIn(await service.answerWith(passkey))).status).toBe(201);
  });

  it('fails as soon as the customer unsubscribes', async () => {
    const session = await service.signInByPasskey(passkey);
    const response = await service.answerWith(passkey);
    const body = { confirmation: 'Example Corporation' };
    expect((await service.send('POST /v1/customer/unsubscription', { as: session, body })).status).toBe(202);
    expectProblem(await signIn(response), 401, 'unauthenticated');
  });

  it('does not end other sessions', async () => {
    const second = await service.signInByPasskey(passkey);
    expect(await statusOf(alice.session)).toBe(200);
    expect(await statusOf(second)).toBe(200);
  });

  describe('that has a sign count', () => {
    const use = async (counting: SoftPasskey, signCount: number) =>
      (await signIn(await service.answerWith(counting, { signCount }))).status;

    it('fails when the sign count does not increase', async () => {
      const { passkey: counting } = await service.addPasskey(alice.session, { signCount: 5 });
      expect(await use(counting, 5)).toBe(401);
      expect(await use(counting, 6)).toBe(201);
      for (const signCount of [6, 5, 0]) expect(await use(counting, signCount)).toBe(401);
      expect(await use(counting, 2 ** 32 - 1)).toBe(201);
    });

    it('succeeds with the sign count 0 until the passkey sends a higher sign count', async () => {
      for (const signCount of [0, 0, 1]) expect(await use(passkey, signCount)).toBe(201);
      expect(await use(passkey, 0)).toBe(401);
    });

    it('succeeds only once when copies of the passkey send the same sign count at the same time', async () => {
      const { passkey: counting } = await service.addPasskey(alice.session, { signCount: 5 });
      const responses = await Promise.all(
        Array.from({ length: 6 }, () => service.answerWith(counting, { signCount: 9 })),
      );
      const answers = await Promise.all(responses.map(signIn));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    });
  });
});
