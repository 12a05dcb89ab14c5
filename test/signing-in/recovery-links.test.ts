import { beforeEach, describe, expect, it } from 'vitest';
import { createSessionContract } from '../../functions/contract/sessions.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { expectProblem, passkeyService } from '../support/fido2/passkeys.ts';
import type { SignedUp, TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;

const { add, signIn, list, current, statusOf } = passkeyService((opened) => {
  ({ service, alice } = opened);
});

describe('an administrator with a passkey', () => {
  let passkey: SoftPasskey;
  beforeEach(async () => {
    ({ passkey } = await service.addPasskey(alice.session));
  });

  /**
   * Signs in with a sign-in link. For an administrator who has a passkey, such a link is a recovery link. Returns the
   * response and the new session.
   */
  async function recover(email = alice.email) {
    await service.send('POST /v1/sign-in-links', { body: { email } });
    const answer = await service.send('POST /v1/sessions', { body: { token: await service.linkTo(email) } });
    return { answer, ...answer.read(createSessionContract.answer.body) };
  }
  const mailsOf = async (email: string) =>
    (await service.mailsTo(email)).filter(({ subject }) => subject === 'A passkey was added with a recovery link');

  it('can use the 15-minute session of a recovery link only to add a passkey and to read or end the session', async () => {
    const { answer, sessionToken, expiresAt, mayOnly, administrator } = await recover();
    expect(mayOnly).toBe('add-passkey');
    expect(answer.headers.getSetCookie()).toEqual([service.sessionCookie(sessionToken, 900)]);
    expect(await current(sessionToken)).toEqual({
      expiresAt,
      signedInAt: new Date(Date.parse(expiresAt) - 15 * MINUTE).toISOString().replace('.000Z', 'Z'),
      administrator,
      mayOnly: 'add-passkey',
      hasPasskey: true,
      recentSignInBy: 'passkey',
      mailSettings: { language: 'en', notices: { license: true, users: true, statements: true } },
      permissions: {
        changeRepresentative: true,
        editCustomer: true,
        editMauAlert: true,
        unsubscribe: true,
        unsubscribeReason: null,
      },
      unsubscription: null,
      unsubscribeGraceHours: 72,
    });
    // access.test.ts tests all routes.
    const refused = await service.send('GET /v1/customer', { as: sessionToken });
    expectProblem(refused, 403, 'reauthentication-required');
    expect(refused.body).toMatchObject({ detail: expect.stringContaining('passkey') as string });
    expect((await service.send('DELETE /v1/sessions/current', { as: sessionToken })).status).toBe(204);
    expect((await service.send('GET /v1/sessions/current', { as: sessionToken })).status).toBe(401);
  });

  it('loses the session of a recovery link after 15 minutes, even if the session is in use', async () => {
    const { sessionToken } = await recover();
    await service.pass(14 * MINUTE);
    const { response } = await service.makePasskey(sessionToken);
    await service.pass(MINUTE);
    expect((await service.send('GET /v1/sessions/current', { as: sessionToken })).status).toBe(401);
    expect((await add(sessionToken, response)).status).toBe(401);
  });

  it('adds a passkey, which turns the session of a recovery link into a full 12-hour session with the same token', async () => {
    const { sessionToken, expiresAt } = await recover();
    await service.pass(10 * MINUTE);
    const { response } = await service.makePasskey(sessionToken);
    const added = await add(sessionToken, response, 'New Phone');
    expect(added.status).toBe(201);
    expect(added.headers.getSetCookie()).toEqual([service.sessionCookie(sessionToken, 43200)]);
    const session = await current(sessionToken);
    expect(session.mayOnly).toBeNull();
    // Adding a passkey is not a sign-in.
    expect(Date.parse(session.signedInAt)).toBe(Date.parse(expiresAt) - 15 * MINUTE);
    const lasts = Date.parse(session.expiresAt) - Date.parse(session.signedInAt);
    expect(lasts).toBeGreaterThanOrEqual(12 * HOUR + 10 * MINUTE);
    expect(lasts).toBeLessThan(12 * HOUR + 11 * MINUTE);
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

  it('does not extend a full session by adding another passkey', async () => {
    const { expiresAt } = await current(alice.session);
    await service.pass(4 * MINUTE);
    const { response } = await service.makePasskey(alice.session);
    const added = await add(alice.session, response);
    const left = Math.floor((Date.parse(expiresAt) - service.now()) / 1_000);
    const [, lasts] = /Max-Age=(\d+)/.exec(added.headers.get('set-cookie') ?? '') ?? [];
    expect(Math.abs(Number(lasts) - left)).toBeLessThanOrEqual(30);
    expect((await current(alice.session)).expiresAt).toBe(expiresAt);
  });

  it('receives an e-mail when a passkey is added with a recovery link, and so does the representative', async () => {
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
    expect((await mailsOf(bob.email))[0]?.text).toContain('Tell the representative');
    expect((await mailsOf(alice.email))[0]?.text).toContain('choose “Undo recovery”');
  });

  it('receives only one e-mail about the new passkey if the administrator is the representative', async () => {
    const { sessionToken } = await recover();
    await service.addPasskey(sessionToken);
    expect((await mailsOf(alice.email)).map(({ text }) => text)).toEqual([
      expect.stringContaining('write to the operator'),
    ]);
  });

  it('loses the session of a recovery link when the administrator loses rights', async () => {
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

  it('can use a recovery link only once, even with simultaneous requests', async () => {
    await service.send('POST /v1/sign-in-links', { body: { email: alice.email } });
    const body = { token: await service.linkTo(alice.email) };
    const answers = await Promise.all(Array.from({ length: 6 }, () => service.send('POST /v1/sessions', { body })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });
});

describe('an administrator without a passkey', () => {
  it('gets a full session from a sign-in link, and the session stays full when a passkey is added in another session', async () => {
    const another = await service.signIn(alice.email);
    expect(await current(another)).toMatchObject({ mayOnly: null, hasPasskey: false });
    await service.addPasskey(alice.session);
    expect(await statusOf(another)).toBe(200);
    expect(await current(await service.signIn(alice.email))).toMatchObject({ mayOnly: 'add-passkey' });
  });
});
