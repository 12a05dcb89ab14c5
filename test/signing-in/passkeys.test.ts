import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listPasskeysContract, requestPasskeyOptionsContract } from '../../functions/contract/passkeys.ts';
import {
  createSessionContract,
  getSessionContract,
  requestSessionOptionsContract,
} from '../../functions/contract/sessions.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { usePasskey, type SoftPasskey } from '../support/authenticator.ts';
import { startTestService, type Answer, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;

beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());
beforeEach(async () => {
  alice = await service.signUp();
});

const add = (as: string, passkey: unknown, name = 'Phone') =>
  service.send('POST /v1/passkeys', { as, body: { name, passkey } });
const signIn = (passkey: unknown) => service.send('POST /v1/sessions', { body: { passkey } });
const list = async (as: string) =>
  (await service.send('GET /v1/passkeys', { as })).read(listPasskeysContract.answer.body).items;
const current = async (as: string) =>
  (await service.send('GET /v1/sessions/current', { as })).read(getSessionContract.answer.body);
const statusOf = async (as: string) => (await service.send('GET /v1/customer', { as })).status;

/** Expects a problem, with the pointer of the wrong field if one is given. */
function expectProblem(answer: Answer, status: number, problem: string, pointer?: string) {
  expect({ status: answer.status, body: answer.body }).toMatchObject({
    status,
    body: { type: `/problems/${problem}`, ...(pointer !== undefined && { errors: [{ pointer }] }) },
  });
}

/**
 * Returns the items of Alice's customer and all challenges of sign-ins. Items of other customers may change meanwhile,
 * because the service may still discard them.
 */
async function ownItems() {
  await service.send('GET /_local/mail'); // waits until the table contains no e-mail
  const items = await service.dump();
  return items.filter(
    (item) => item['ceremony'] === 'authentication' || JSON.stringify(item).includes(alice.customerId),
  );
}

/** Expects that a request changes none of the items that `ownItems` returns. */
async function expectUnchanged(request: () => Promise<void>) {
  const before = await ownItems();
  expect(before.length).toBeGreaterThan(3);
  await request();
  expect(await ownItems()).toEqual(before);
}

describe('adding a passkey', () => {
  it('begins with options for a new, discoverable passkey that verifies the person', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    const answer = await service.send('POST /v1/passkeys/options', { as: alice.session });
    const options = answer.read(requestPasskeyOptionsContract.answer.body);
    expect(options).toEqual({
      rp: { id: 'localhost', name: 'FIDO2 Server Service' },
      user: {
        id: Buffer.from(`${alice.customerId}/${alice.administratorId}`).toString('base64url'),
        name: alice.email,
        displayName: 'Alice Arai',
      },
      challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      timeout: 300_000,
      attestation: 'none',
      excludeCredentials: [
        {
          id: passkey.credentialId.toString('base64url'),
          type: 'public-key',
          transports: ['internal', 'hybrid'],
        },
      ],
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    });
  });

  it.each([
    ['ES256', { algorithm: -7 }],
    ['EdDSA', { algorithm: -8 }],
    ['RS256', { algorithm: -257 }],
    ['a credential ID of 1,023 bytes', { credentialId: Buffer.alloc(1_023, 7) }],
    ['a credential ID of 16 bytes', { credentialId: Buffer.alloc(16, 7) }],
    ['a self attestation', { attests: 'self' }],
  ] as const)('accepts a passkey with %s, which can then sign in', async (_, deviations) => {
    const { passkey, ...added } = await service.addPasskey(alice.session, deviations);
    expect(added).toEqual({
      id: expect.stringMatching(/^[\w-]{43}$/) as string,
      name: 'Phone',
      createdAt: expect.any(String) as string,
      lastUsedAt: null,
    });
    expect(await list(alice.session)).toEqual([added]);
    expect(await statusOf(await service.signInByPasskey(passkey))).toBe(200);
  });

  it('accepts additional members in the response of a browser, but not outside the response', async () => {
    const { response } = await service.makePasskey(alice.session);
    const extended = {
      ...response,
      authenticatorAttachment: 'platform',
      clientExtensionResults: { credProps: { rk: true }, 'x-vendor': [1] },
      response: { ...response.response, publicKey: 'AAAA', publicKeyAlgorithm: -7, authenticatorData: 'AAAA' },
    };
    const body = { name: 'Phone', passkey: extended };
    const more = await service.send('POST /v1/passkeys', { as: alice.session, body: { ...body, more: 1 } });
    expectProblem(more, 400, 'validation', '#/more');
    expect((await service.send('POST /v1/passkeys', { as: alice.session, body })).status).toBe(201);
  });

  it('accepts each passkey once, and each challenge once', async () => {
    const { response } = await service.makePasskey(alice.session);
    expect((await add(alice.session, response)).status).toBe(201);
    expectProblem(await add(alice.session, response), 400, 'validation', '#/passkey/response/clientDataJSON');
    const credentialId = Buffer.from(response.id, 'base64url');
    const again = await service.makePasskey(alice.session, { credentialId });
    await expectUnchanged(async () => {
      expectProblem(await add(alice.session, again.response), 409, 'already-exists');
    });
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['the same host on another port', { origin: 'http://localhost:1' }],
    ['a host whose name begins with the name of our host', { origin: 'http://localhost.evil.example' }],
    ['another RP ID', { rpId: 'evil.example' }],
    ['the other ceremony', { type: 'webauthn.get' }],
    ['nobody present', { isUserPresent: false }],
    ['nobody verified', { isUserVerified: false }],
    ['an attestation with a certificate', { attests: 'certificate' }],
    ['an attestation in the name of a platform', { fmt: 'apple' }],
    ['an attestation of an unknown kind', { fmt: 'x'.repeat(100) }],
  ] as const)('refuses a passkey that is created with %s', async (_, deviations) => {
    const { response } = await service.makePasskey(alice.session, deviations);
    await expectUnchanged(async () => {
      expectProblem(await add(alice.session, response), 400, 'validation', '#/passkey/response');
    });
  });

  it('refuses a key whose algorithm was not requested', async () => {
    const { response } = await service.makePasskey(alice.session);
    const { attestationObject } = response.response;
    // In the COSE key, this replaces the algorithm -7 (after the type 2) by -36, which is ES512.
    const bytes = Buffer.from(attestationObject, 'base64url').toString('hex');
    const changed = Buffer.from(bytes.replace('01020326', '0102033823'), 'hex').toString('base64url');
    expect(changed).not.toBe(attestationObject);
    const answer = await add(alice.session, {
      ...response,
      response: { ...response.response, attestationObject: changed },
    });
    expectProblem(answer, 400, 'validation', '#/passkey/response');
  });

  it('refuses a passkey with the credential ID of another passkey, because nobody could sign in with it', async () => {
    const { response } = await service.makePasskey(alice.session);
    const { response: other } = await service.makePasskey(alice.session);
    const answer = await add(alice.session, { ...response, id: other.id, rawId: other.id });
    expectProblem(answer, 400, 'validation', '#/passkey/response');
  });

  it.each([
    ['random bytes', Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 37) % 256))],
    ['nested lists', Buffer.alloc(12_000, 0x81)],
    ['a map with a stated size of 4 billion entries', Buffer.from('bafffffffe', 'hex')],
    ['bytes with a stated length that is too large', Buffer.from('a168617574684461746158ff00', 'hex')],
    ['a number', Buffer.from([0x01])],
  ])('refuses an attestation of %s', async (_, bytes) => {
    const { response } = await service.makePasskey(alice.session);
    const attestationObject = bytes.toString('base64url');
    const answer = await add(alice.session, { ...response, response: { ...response.response, attestationObject } });
    expectProblem(answer, 400, 'validation', '#/passkey/response');
  });

  describe('refuses a challenge', () => {
    const CLIENT_DATA = '#/passkey/response/clientDataJSON';

    it('that was never created', async () => {
      const { response } = await service.makePasskey(alice.session, { challenge: 'A'.repeat(43) });
      await expectUnchanged(async () => {
        expectProblem(await add(alice.session, response), 400, 'validation', CLIENT_DATA);
      });
    });

    it('of a sign-in', async () => {
      const { challenge } = (await service.send('POST /v1/sessions/options')).read(
        requestSessionOptionsContract.answer.body,
      );
      const { response } = await service.makePasskey(alice.session, { challenge });
      await expectUnchanged(async () => {
        expectProblem(await add(alice.session, response), 400, 'validation', CLIENT_DATA);
      });
    });

    it('of another administrator, of the same or another customer', async () => {
      const bob = await service.addAdministrator(alice.session, 'privileged');
      const carol = await service.signUp();
      const { response } = await service.makePasskey(alice.session);
      await expectUnchanged(async () => {
        for (const { session } of [bob, carol])
          expectProblem(await add(session, response), 400, 'validation', CLIENT_DATA);
      });
      expect((await add(alice.session, response)).status).toBe(201);
    });

    it('after 5 minutes, but accepts it before that in any session of the same administrator', async () => {
      const [late, inTime] = [await service.makePasskey(alice.session), await service.makePasskey(alice.session)];
      const another = await service.signIn(alice.email);
      await service.pass(4 * MINUTE);
      expect((await add(another, inTime.response)).status).toBe(201);
      await service.pass(MINUTE);
      expectProblem(await add(alice.session, late.response), 400, 'validation', CLIENT_DATA);
    });
  });

  it('succeeds 20 times, however many requests arrive at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 26 }, () => service.makePasskey(alice.session)));
    const answers = await Promise.all(made.map(({ response }) => add(alice.session, response)));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(6);
    for (const answer of refused) expectProblem(answer, 403, 'forbidden');
    expect(await list(alice.session)).toHaveLength(20);
    expectProblem(await service.send('POST /v1/passkeys/options', { as: alice.session }), 403, 'forbidden');

    const [first] = await list(alice.session);
    await service.send(`DELETE /v1/passkeys/${first?.id ?? ''}`, { as: alice.session });
    await service.addPasskey(alice.session);
    expect(await list(alice.session)).toHaveLength(20);
  });

  it('happens once when the same response arrives many times at the same time', async () => {
    const { response } = await service.makePasskey(alice.session);
    const answers = await Promise.all(Array.from({ length: 8 }, () => add(alice.session, response)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await list(alice.session)).toHaveLength(1);
  });

  it('is logged with actor, subject, before and after', async () => {
    const { id } = await service.addPasskey(alice.session);
    const { administratorId, customerId } = alice;
    expect(service.logged.filter(({ message }) => message === 'change').at(-1)?.fields).toEqual({
      route: 'add-passkey',
      requestId: expect.any(String) as string,
      actor: { administratorId },
      what: 'passkey',
      customerId,
      before: null,
      after: { administratorId, id, name: 'Phone' },
    });
  });
});

describe('signing in with a passkey', () => {
  let passkey: SoftPasskey;
  beforeEach(async () => {
    ({ passkey } = await service.addPasskey(alice.session));
  });

  it('begins with options that name no user', async () => {
    const answer = await service.send('POST /v1/sessions/options');
    expect(answer.read(requestSessionOptionsContract.answer.body)).toEqual({
      rpId: 'localhost',
      challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      timeout: 300_000,
      userVerification: 'required',
    });
  });

  it('creates a session of 12 hours with its cookie, and records when the passkey was used', async () => {
    const answer = await signIn(await service.answerWith(passkey));
    expect(answer.status).toBe(201);
    const { sessionToken, expiresAt, administrator, mayOnly } = answer.read(createSessionContract.answer.body);
    expect(answer.headers.getSetCookie()).toEqual([
      `__Host-session=${sessionToken}; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict`,
    ]);
    expect(administrator).toMatchObject({ id: alice.administratorId, representative: true, status: 'active' });
    expect(mayOnly).toBeNull();
    const session = await current(sessionToken);
    expect(session).toMatchObject({ expiresAt, administrator, mayOnly: null, hasPasskey: true });
    expect(Date.parse(expiresAt) - Date.parse(session.signedInAt)).toBe(12 * HOUR);
    const [used] = await list(sessionToken);
    expect(used?.lastUsedAt).toBe(session.signedInAt);
  });

  it('accepts additional members from browsers', async () => {
    const response = await service.answerWith(passkey);
    const extended = { ...response, clientExtensionResults: {}, authenticatorAttachment: null, more: { a: 1 } };
    expect((await signIn(extended)).status).toBe(201);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['the same host on another port', { origin: 'http://localhost:1' }],
    ['another RP ID', { rpId: 'evil.example' }],
    ['the other ceremony', { type: 'webauthn.create' }],
    ['a challenge that was never issued', { challenge: 'A'.repeat(43) }],
    ['no challenge', { challenge: '' }],
    ['nobody present', { isUserPresent: false }],
    ['nobody verified', { isUserVerified: false }],
    ['no user handle', { userHandle: null }],
    ['a user handle that nobody has', { userHandle: Buffer.from('nobody').toString('base64url') }],
  ] as const)('fails with %s, and the challenge can still be used', async (_, deviations) => {
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

  it('fails with a signature of another key, or of other data', async () => {
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
      const cut = { ...response.response, signature: response.response.signature.slice(0, -4) };
      expectProblem(await signIn({ ...response, response: cut }), 401, 'unauthenticated');
    });
  });

  it('fails when the challenge was used before or is used at the same time', async () => {
    const response = await service.answerWith(passkey);
    const answers = await Promise.all(Array.from({ length: 8 }, () => signIn(response)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 401)]);
    expectProblem(await signIn(response), 401, 'unauthenticated');
  });

  it('fails 5 minutes after it began', async () => {
    const [late, inTime] = [await service.answerWith(passkey), await service.answerWith(passkey)];
    await service.pass(4 * MINUTE);
    expect((await signIn(inTime)).status).toBe(201);
    await service.pass(MINUTE);
    expectProblem(await signIn(late), 401, 'unauthenticated');
  });

  it('fails with the challenge of a registration', async () => {
    const options = await service.send('POST /v1/passkeys/options', { as: alice.session });
    const { challenge } = options.read(requestPasskeyOptionsContract.answer.body);
    await expectUnchanged(async () => {
      expectProblem(await signIn(usePasskey(service.origin, passkey, { challenge })), 401, 'unauthenticated');
    });
  });

  it('fails with a passkey that was never added, or was removed', async () => {
    const never = await service.makePasskey(alice.session);
    expectProblem(await signIn(await service.answerWith(never.passkey)), 401, 'unauthenticated');
    const removed = await service.addPasskey(alice.session);
    expect((await signIn(await service.answerWith(removed.passkey))).status).toBe(201);
    await service.send(`DELETE /v1/passkeys/${removed.id}`, { as: alice.session });
    expectProblem(await signIn(await service.answerWith(removed.passkey)), 401, 'unauthenticated');
  });

  it('fails with the user handle of another administrator, of the same or another customer', async () => {
    const bob = await service.addAdministrator(alice.session, 'privileged');
    const carol = await service.signUp();
    for (const { session } of [bob, carol]) {
      const { passkey: theirs } = await service.addPasskey(session);
      const { userHandle } = theirs;
      expectProblem(await signIn(await service.answerWith(passkey, { userHandle })), 401, 'unauthenticated');
      // Your own key with the credential ID of another administrator does not sign in either.
      const stolen = await service.addPasskey(session, { credentialId: passkey.credentialId });
      const forged = { ...stolen.passkey, userHandle: passkey.userHandle };
      expectProblem(await signIn(await service.answerWith(forged)), 401, 'unauthenticated');
    }
    const own = await signIn(await service.answerWith(passkey));
    expect(own.read(createSessionContract.answer.body).administrator.id).toBe(alice.administratorId);
  });

  it('fails after the administrator was removed, and no item of the administrator is left', async () => {
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

  it('keeps the other sessions', async () => {
    const second = await service.signInByPasskey(passkey);
    expect(await statusOf(alice.session)).toBe(200);
    expect(await statusOf(second)).toBe(200);
  });

  describe('with a sign count', () => {
    const use = async (counting: SoftPasskey, signCount: number) =>
      (await signIn(await service.answerWith(counting, { signCount }))).status;

    it('fails when the count does not rise', async () => {
      const { passkey: counting } = await service.addPasskey(alice.session, { signCount: 5 });
      expect(await use(counting, 5)).toBe(401);
      expect(await use(counting, 6)).toBe(201);
      for (const signCount of [6, 5, 0]) expect(await use(counting, signCount)).toBe(401);
      expect(await use(counting, 2 ** 32 - 1)).toBe(201);
    });

    it('succeeds while the count stays 0, until it rises', async () => {
      for (const signCount of [0, 0, 1]) expect(await use(passkey, signCount)).toBe(201);
      expect(await use(passkey, 0)).toBe(401);
    });

    it('succeeds once when copies of a passkey send the same count at the same time', async () => {
      const { passkey: counting } = await service.addPasskey(alice.session, { signCount: 5 });
      const responses = await Promise.all(
        Array.from({ length: 6 }, () => service.answerWith(counting, { signCount: 9 })),
      );
      const answers = await Promise.all(responses.map(signIn));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    });
  });
});

describe('the passkeys of an administrator', () => {
  it('are listed oldest first with their last use, and only for their owner', async () => {
    const bob = await service.addAdministrator(alice.session, 'privileged');
    const { passkey, ...first } = await service.addPasskey(alice.session);
    await service.pass(MINUTE);
    const second = await service.addPasskey(alice.session);
    await service.pass(MINUTE);
    await service.signInByPasskey(passkey);
    expect(await list(alice.session)).toMatchObject([
      { ...first, lastUsedAt: expect.stringMatching(/Z$/) as string },
      { id: second.id, lastUsedAt: null },
    ]);
    expect(await list(bob.session)).toEqual([]);
    for (const request of [`PATCH /v1/passkeys/${first.id}`, `DELETE /v1/passkeys/${first.id}`]) {
      const answer = await service.send(request, { as: bob.session, body: { name: 'Mine' } });
      expectProblem(answer, 404, 'not-found');
    }
    expect(await list(alice.session)).toHaveLength(2);
  });

  it('can be renamed, which is logged', async () => {
    const { passkey, id } = await service.addPasskey(alice.session);
    const renamed = await service.send(`PATCH /v1/passkeys/${id}`, { as: alice.session, body: { name: ' Laptop ' } });
    expect(renamed.status).toBe(200);
    expect(renamed.body).toMatchObject({ id, name: 'Laptop', lastUsedAt: null });
    expect(await list(alice.session)).toEqual([renamed.body]);
    const { administratorId } = alice;
    expect(service.logged.filter(({ message }) => message === 'change').at(-1)?.fields).toMatchObject({
      what: 'passkey',
      before: { administratorId, id, name: 'Phone' },
      after: { administratorId, id, name: 'Laptop' },
    });
    expect((await signIn(await service.answerWith(passkey))).status).toBe(201);
  });

  it('can be removed except the last one, which is logged', async () => {
    const [first, second] = [await service.addPasskey(alice.session), await service.addPasskey(alice.session)];
    const remove = (id: string) => service.send(`DELETE /v1/passkeys/${id}`, { as: alice.session });
    expect((await remove(first.id)).status).toBe(204);
    const { administratorId } = alice;
    expect(service.logged.filter(({ message }) => message === 'change').at(-1)?.fields).toMatchObject({
      what: 'passkey',
      before: { administratorId, id: first.id, name: 'Phone' },
      after: null,
    });
    await expectUnchanged(async () => {
      expectProblem(await remove(first.id), 404, 'not-found');
      expectProblem(await remove(second.id), 403, 'forbidden');
    });
    expect(await list(alice.session)).toMatchObject([{ id: second.id }]);
  });

  it('always include at least one, however many requests remove them at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { session } = await service.signUp();
      const added = [await service.addPasskey(session), await service.addPasskey(session)];
      if (round % 2 === 1) added.push(await service.addPasskey(session));
      const answers = await Promise.all(
        [...added, ...added].map(({ id }) => service.send(`DELETE /v1/passkeys/${id}`, { as: session })),
      );
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(added.length - 1);
      expect(await list(session)).toHaveLength(1);
    }
  });
});

describe('a link to an administrator with a passkey', () => {
  let passkey: SoftPasskey;
  beforeEach(async () => {
    ({ passkey } = await service.addPasskey(alice.session));
  });

  /** Signs in with a link. Returns the answer and the new session. */
  async function recover(email = alice.email) {
    await service.send('POST /v1/sign-in-links', { body: { email } });
    const answer = await service.send('POST /v1/sessions', { body: { token: await service.linkTo(email) } });
    return { answer, ...answer.read(createSessionContract.answer.body) };
  }
  const mailsOf = async (email: string) =>
    (await service.mailsTo(email)).filter(({ subject }) => subject === 'A passkey was added with a recovery link');

  it('opens a session of 15 minutes that may only add a passkey, be read and end', async () => {
    const { answer, sessionToken, expiresAt, mayOnly, administrator } = await recover();
    expect(mayOnly).toBe('add-passkey');
    expect(answer.headers.getSetCookie()).toEqual([
      `__Host-session=${sessionToken}; Path=/; Max-Age=900; HttpOnly; Secure; SameSite=Strict`,
    ]);
    expect(await current(sessionToken)).toEqual({
      expiresAt,
      signedInAt: new Date(Date.parse(expiresAt) - 15 * MINUTE).toISOString().replace('.000Z', 'Z'),
      administrator,
      mayOnly: 'add-passkey',
      hasPasskey: true,
      permissions: {
        changeRepresentative: true,
        editCustomer: true,
        editMauAlert: true,
        unsubscribe: true,
        unsubscribeReason: null,
      },
    });
    // access.test.ts tests all routes.
    const refused = await service.send('GET /v1/customer', { as: sessionToken });
    expectProblem(refused, 403, 'reauthentication-required');
    expect(refused.body).toMatchObject({ detail: expect.stringContaining('passkey') as string });
    expect((await service.send('DELETE /v1/sessions/current', { as: sessionToken })).status).toBe(204);
    expect((await service.send('GET /v1/sessions/current', { as: sessionToken })).status).toBe(401);
  });

  it('opens a session that ends after 15 minutes, however it is used', async () => {
    const { sessionToken } = await recover();
    await service.pass(14 * MINUTE);
    const { response } = await service.makePasskey(sessionToken);
    await service.pass(MINUTE);
    expect((await service.send('GET /v1/sessions/current', { as: sessionToken })).status).toBe(401);
    expect((await add(sessionToken, response)).status).toBe(401);
  });

  it('opens a session that becomes a full session of 12 hours, with the same token, when a passkey is added', async () => {
    const { sessionToken, expiresAt } = await recover();
    await service.pass(10 * MINUTE);
    const { response } = await service.makePasskey(sessionToken);
    const added = await add(sessionToken, response, 'New Phone');
    expect(added.status).toBe(201);
    expect(added.headers.getSetCookie()).toEqual([
      `__Host-session=${sessionToken}; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict`,
    ]);
    const session = await current(sessionToken);
    expect(session.mayOnly).toBeNull();
    expect(Date.parse(session.signedInAt)).toBeGreaterThanOrEqual(Date.parse(expiresAt) - 6 * MINUTE);
    expect(Date.parse(session.expiresAt) - Date.parse(session.signedInAt)).toBe(12 * HOUR);
    expect(await statusOf(sessionToken)).toBe(200);
    expect(await list(sessionToken)).toHaveLength(2);
    await service.pass(20 * MINUTE);
    expect(await statusOf(sessionToken)).toBe(200);
    expect((await signIn(await service.answerWith(passkey))).status).toBe(201);
    expect(service.logged.filter(({ message }) => message === 'change').at(-1)?.fields).toMatchObject({
      what: 'passkey',
      after: { name: 'New Phone', by: 'recovery-link' },
    });
  });

  it('does not affect the end of a full session that adds a passkey', async () => {
    const { expiresAt } = await current(alice.session);
    await service.pass(4 * MINUTE);
    const { response } = await service.makePasskey(alice.session);
    const added = await add(alice.session, response);
    const left = Math.floor((Date.parse(expiresAt) - service.now()) / 1_000);
    const [, lasts] = /Max-Age=(\d+)/.exec(added.headers.get('set-cookie') ?? '') ?? [];
    expect(Math.abs(Number(lasts) - left)).toBeLessThanOrEqual(30);
    expect((await current(alice.session)).expiresAt).toBe(expiresAt);
  });

  it('sends one e-mail each to the administrator and the representative when a passkey is added', async () => {
    const bob = await service.addAdministrator(alice.session, 'administrator');
    await service.addPasskey(bob.session);
    expect(await mailsOf(bob.email)).toEqual([]);
    const { sessionToken } = await recover(bob.email);
    const { response } = await service.makePasskey(sessionToken);
    await add(sessionToken, response, 'Phone of an attacker');
    for (const email of [bob.email, alice.email]) {
      const [mail, ...more] = await mailsOf(email);
      expect(more).toEqual([]);
      for (const part of [mail?.text, mail?.html]) {
        expect(part).toContain('“Bob Baba”');
        expect(part).toContain('“Example Corporation”');
        expect(part).toContain('“Phone of an attacker”');
      }
    }
    expect((await mailsOf(bob.email))[0]?.text).toContain('tell the representative');
    expect((await mailsOf(alice.email))[0]?.text).toContain('Remove this administrator');
  });

  it('sends one e-mail to a representative who adds a passkey', async () => {
    const { sessionToken } = await recover();
    await service.addPasskey(sessionToken);
    expect((await mailsOf(alice.email)).map(({ text }) => text)).toEqual([
      expect.stringContaining('write to the operator'),
    ]);
  });

  it('opens a session that ends when its administrator loses rights', async () => {
    const bob = await service.addAdministrator(alice.session, 'privileged');
    await service.addPasskey(bob.session);
    const { sessionToken } = await recover(bob.email);
    const { response } = await service.makePasskey(sessionToken);
    const body = { privilege: 'administrator' };
    await service.send(`PATCH /v1/administrators/${bob.administratorId}`, { as: alice.session, body });
    expect((await service.send('GET /v1/sessions/current', { as: sessionToken })).status).toBe(401);
    expect((await add(sessionToken, response)).status).toBe(401);
    expect(await mailsOf(bob.email)).toEqual([]);
  });

  it('works only once, also with simultaneous requests', async () => {
    await service.send('POST /v1/sign-in-links', { body: { email: alice.email } });
    const body = { token: await service.linkTo(alice.email) };
    const answers = await Promise.all(Array.from({ length: 6 }, () => service.send('POST /v1/sessions', { body })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });
});

describe('a link to an administrator without a passkey', () => {
  it('opens a full session, which stays full when another session adds a passkey', async () => {
    const another = await service.signIn(alice.email);
    expect(await current(another)).toMatchObject({ mayOnly: null, hasPasskey: false });
    await service.addPasskey(alice.session);
    expect(await statusOf(another)).toBe(200);
    expect(await current(await service.signIn(alice.email))).toMatchObject({ mayOnly: 'add-passkey' });
  });
});

describe('a sign-in method', () => {
  const changes = (email = service.newEmail()): [request: string, body?: object][] => [
    ['POST /v1/passkeys/options'],
    ['PUT /v1/administrators/me/email', { email }],
  ];

  it('of an administrator with a passkey can change only within 5 minutes after the sign-in', async () => {
    await service.pass(6 * MINUTE);
    for (const [request, body] of changes()) {
      expect((await service.send(request, { as: alice.session, body })).status).toBeLessThan(300);
    }
    const { passkey } = await service.addPasskey(alice.session);
    const { id } = await service.addPasskey(alice.session);
    await service.pass(6 * MINUTE);
    await current(alice.session); // writes the last use of the session
    await expectUnchanged(async () => {
      for (const [request, body] of [...changes(), [`DELETE /v1/passkeys/${id}`] as const]) {
        const answer = await service.send(request, { as: alice.session, body });
        expectProblem(answer, 403, 'reauthentication-required');
      }
    });
    const fresh = await service.signInByPasskey(passkey);
    for (const [request, body] of changes()) {
      expect((await service.send(request, { as: fresh, body })).status).toBeLessThan(300);
    }
    expect((await service.send(`DELETE /v1/passkeys/${id}`, { as: fresh })).status).toBe(204);
  });

  it('does not change with a link that was requested before the first passkey was added', async () => {
    const email = service.newEmail();
    expect((await service.send('PUT /v1/administrators/me/email', { as: alice.session, body: { email } })).status).toBe(
      202,
    );
    const token = await service.linkTo(email);
    await service.addPasskey(alice.session);
    await expectUnchanged(async () => {
      expectProblem(await service.send('POST /v1/email-confirmations', { body: { token } }), 401, 'unauthenticated');
    });
  });

  it('is needed within 5 minutes before giving the rights of a privileged administrator or of the representative', async () => {
    const bob = await service.addAdministrator(alice.session, 'administrator');
    const { passkey } = await service.addPasskey(alice.session);
    const eve = () => ({ name: 'Eve', email: service.newEmail() });
    const raised = (): [request: string, body: object][] => [
      ['POST /v1/administrators', { ...eve(), privilege: 'privileged' }],
      [`PATCH /v1/administrators/${bob.administratorId}`, { privilege: 'privileged' }],
      ['PUT /v1/customer/representative', { administratorId: bob.administratorId }],
    ];
    const send = (as: string, [request, body]: [string, object]) =>
      service.send(request, { as, body, headers: { 'if-match': '"1"' } });
    await service.pass(6 * MINUTE);
    await current(alice.session); // writes the last use of the session
    await expectUnchanged(async () => {
      for (const raise of raised()) expectProblem(await send(alice.session, raise), 403, 'reauthentication-required');
    });
    // Other changes do not need a recent sign-in.
    const others: [string, object][] = [
      ['POST /v1/administrators', { ...eve(), privilege: 'administrator' }],
      [`PATCH /v1/administrators/${bob.administratorId}`, { name: 'Robert' }],
    ];
    for (const other of others) expect((await send(alice.session, other)).status).toBeLessThan(300);
    const fresh = await service.signInByPasskey(passkey);
    for (const raise of raised()) expect((await send(fresh, raise)).status).toBeLessThan(300);
  });

  it('causes an e-mail when it is the first passkey and the sign-in was more than 5 minutes ago', async () => {
    await service.pass(6 * MINUTE);
    await service.addPasskey(alice.session);
    const [mail] = (await service.mailsTo(alice.email)).filter(({ subject }) => subject === 'A passkey was added');
    expect(mail?.text).toContain('can now sign in with this passkey, in addition to any older ones');
  });

  it('causes an e-mail when it is another passkey, but not when it is the first passkey right after the sign-in', async () => {
    const bob = await service.addAdministrator(alice.session, 'privileged');
    const told = async (email: string) =>
      (await service.mailsTo(email)).filter(({ subject }) => subject === 'A passkey was added');
    await service.addPasskey(bob.session);
    expect(await told(bob.email)).toEqual([]);
    await service.addPasskey(bob.session);
    const [mail, ...more] = await told(bob.email);
    expect(more).toEqual([]);
    expect(mail?.text).toMatch(/^The passkey “Phone” was added for “Bob Baba”/);
    expect(await told(alice.email)).toEqual([]);
  });
});

describe('the recent sign-in that unsubscribing requires', () => {
  const unsubscribe = (as: string) =>
    service.send('POST /v1/customer/unsubscription', { as, body: { confirmation: 'Example Corporation' } });

  it('can be a sign-in with a passkey', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    await service.pass(6 * MINUTE);
    expectProblem(await unsubscribe(alice.session), 403, 'reauthentication-required');
    const session = await service.signInByPasskey(passkey);
    await service.pass(4 * MINUTE);
    expect((await unsubscribe(session)).status).toBe(202);
  });

  it('can be the addition of a passkey', async () => {
    await service.pass(6 * MINUTE);
    const { response } = await service.makePasskey(alice.session);
    expectProblem(await unsubscribe(alice.session), 403, 'reauthentication-required');
    await add(alice.session, response);
    await service.pass(4 * MINUTE);
    expect((await unsubscribe(alice.session)).status).toBe(202);
  });

  it('cannot be a sign-in with a recovery link', async () => {
    await service.addPasskey(alice.session);
    expectProblem(await unsubscribe(await service.signIn(alice.email)), 403, 'reauthentication-required');
  });
});
