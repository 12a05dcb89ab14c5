import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { guarded, callRoute, makeThings } from '../support/route-calls.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());

const statusOf = async (as: string) => (await service.send('GET /v1/customer', { as })).status;

describe('a session', () => {
  beforeEach(() => service.pass(24 * HOUR));

  it('no longer works on any route after 36 minutes without use', async () => {
    const { alice, things } = await makeThings(service);
    await service.pass(36 * MINUTE);
    for (const route of guarded.bySession) {
      const answer = await callRoute(service, route, things, alice.session);
      expect({ name: route.name, status: answer.status }).toEqual({ name: route.name, status: 401 });
    }
  });

  it('ends at least 29 and at most 36 minutes after its last use, even if the service did not record that use', async () => {
    const { session } = await service.signUp();
    await service.pass(4 * MINUTE); // a use within 5 minutes of the sign-in is not recorded
    expect(await statusOf(session)).toBe(200);
    await service.pass(29 * MINUTE);
    expect(await statusOf(session)).toBe(200);
    await service.pass(36 * MINUTE);
    expect(await statusOf(session)).toBe(401);
  });

  it('is not renewed by a request after its end', async () => {
    const { session } = await service.signUp();
    const before = await service.dump();
    await service.pass(36 * MINUTE);
    expect(await statusOf(session)).toBe(401);
    expect(await statusOf(session)).toBe(401);
    expect(await service.dump()).toEqual(before);
  });

  it('ends 12 hours after the sign-in even if it is used every 25 minutes', async () => {
    const { session } = await service.signUp();
    for (let passed = 25 * MINUTE; passed < 12 * HOUR - MINUTE; passed += 25 * MINUTE) {
      await service.pass(25 * MINUTE);
      expect(await statusOf(session)).toBe(200);
    }
    await service.pass(25 * MINUTE); // 12 hours and 5 minutes after the sign-in
    expect(await statusOf(session)).toBe(401);
  });

  it('is updated with the time of its last use at most once every 5 minutes', async () => {
    const { session } = await service.signUp();
    const before = await service.dump();
    await service.pass(4 * MINUTE);
    await statusOf(session);
    expect(await service.dump()).toEqual(before);
    await service.pass(2 * MINUTE);
    await statusOf(session);
    expect(await service.dump()).not.toEqual(before);
  });
});

describe('the session cookie', () => {
  let person: SignedUp;
  const { host, origin } = { host: () => new URL(service.origin).hostname, origin: () => service.origin };
  const edit = (headers: Record<string, string>, as?: string) =>
    service.send('POST /v1/rps', { as, headers, body: { rpId: 'shop.example.com', name: '' } });
  const cookie = (session = person.session) => ({ cookie: `theme=dark; ${service.cookieName}=${session}; other=1` });

  beforeAll(async () => {
    person = await service.signUp();
  });

  it('is set at sign-in with the prefix __Host- and the attributes HttpOnly, Secure and SameSite=Strict', async () => {
    await service.send('POST /v1/sign-in-links', { body: { email: person.email } });
    const signedIn = await service.send('POST /v1/sessions', { body: { token: await service.linkTo(person.email) } });
    const { sessionToken } = signedIn.body as { sessionToken: string };
    expect(signedIn.headers.getSetCookie()).toEqual([service.sessionCookie(sessionToken, 43200)]);
  });

  it('authenticates a request just as a token in the Authorization header does', async () => {
    const answer = await service.send('GET /v1/customer', { headers: cookie() });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ customer: { id: person.customerId } });
  });

  it('is accepted from the console and from clients that send no Origin header', async () => {
    expect(host()).not.toBe('');
    expect((await edit({ ...cookie(), origin: origin() })).body).toMatchObject({ type: '/problems/validation' });
    expect((await edit(cookie())).body).toMatchObject({ type: '/problems/validation' });
  });

  it.each([
    ['another site', () => 'https://evil.example'],
    ['another port of this host', () => 'http://localhost:1'],
    ['a host whose name begins with the name of our host', () => origin().replace(host(), `${host()}.evil.example`)],
    ['a host whose name ends with the name of our host', () => origin().replace(host(), `evil-${host()}`)],
    ['the origin null', () => 'null'],
    ['no valid origin', () => '::'],
  ])('is refused when the Origin header names %s', async (_, foreign) => {
    const answer = await edit({ ...cookie(), origin: foreign() });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ type: '/problems/forbidden', status: 403 });
  });

  it('is not needed, and any Origin is accepted, when the Authorization header contains a token', async () => {
    const answer = await edit({ origin: 'https://evil.example' }, person.session);
    expect(answer.body).toMatchObject({ type: '/problems/validation' });
  });

  it('is refused if the request comes from a console tab that shows the data of another administrator', async () => {
    const meantFor = (administratorId: string) => ({ ...cookie(), 'administrator-id': administratorId });
    const another = await service.signUp();
    const before = await service.dump();
    const refused = await service.send('POST /v1/rps', {
      headers: meantFor(another.administratorId),
      body: { rpId: 'shop.example.com', name: 'Shop' },
    });
    expect(refused.body).toMatchObject({ type: '/problems/unauthenticated', status: 401 });
    expect(await service.dump()).toEqual(before);
    expect((await edit(meantFor(person.administratorId))).body).toMatchObject({ type: '/problems/validation' });
  });

  it('is ignored when the Authorization header contains a wrong token', async () => {
    const answer = await service.send('GET /v1/customer', { as: `ses_${'x'.repeat(43)}`, headers: cookie() });
    expect(answer.status).toBe(401);
  });

  it('cannot be used as an API key, and an API key cannot be used as the cookie', async () => {
    const rp = await service.newRp(person.session);
    const { apiKey } = await service.newApiKey(person.session, rp.id);
    expect((await service.send('GET /v1/rp/users', { headers: cookie() })).status).toBe(401);
    expect((await service.send('GET /v1/rp/users', { headers: cookie(apiKey) })).status).toBe(401);
    expect((await service.send('GET /v1/customer', { headers: cookie(apiKey) })).status).toBe(401);
  });

  it('is refused when it is empty', async () => {
    expect((await service.send('GET /v1/customer', { headers: cookie('') })).status).toBe(401);
  });
});

describe('an API key', () => {
  beforeEach(() => service.pass(24 * HOUR));

  it('is refused no later than 10 seconds after its deletion, even by a process that has just accepted it', async () => {
    const { session } = await service.signUp();
    const rp = await service.newRp(session);
    const [deleted, kept] = [await service.newApiKey(session, rp.id), await service.newApiKey(session, rp.id)];
    const users = async (as: string) => (await service.send('GET /v1/rp/users', { as })).status;
    expect(await users(deleted.apiKey)).toBe(200);
    const path = `/v1/rps/${rp.id}/api-keys/${deleted.keyId}`;
    expect((await service.send(`DELETE ${path}`, { as: session })).status).toBe(204);
    await service.pass(10_000);
    expect(await users(deleted.apiKey)).toBe(401);
    expect(await users(kept.apiKey)).toBe(200);
    expect((await service.send(`DELETE ${path}`, { as: session })).status).toBe(404);
  });

  it('is refused on every route after the removal of its RP', async () => {
    const { session } = await service.signUp();
    const rp = await service.newRp(session);
    const { apiKey } = await service.newApiKey(session, rp.id);
    await service.registerUsers(apiKey, ['user-1']);
    await service.send(`DELETE /v1/rps/${rp.id}`, { as: session });
    const statuses = async () => {
      await service.pass(11_000);
      const answers = await Promise.all(
        guarded.byApiKey.map((route) => callRoute(service, route, { ...noThings, user: 'user-1' }, apiKey)),
      );
      return new Set(answers.map(({ status }) => status));
    };
    await expect.poll(statuses, { timeout: 10_000, interval: 100 }).toEqual(new Set([401]));
  });

  it('is listed with the time of its last use, which is stored at most once per hour', async () => {
    const { email, session } = await service.signUp();
    const rp = await service.newRp(session);
    const { apiKey } = await service.newApiKey(session, rp.id);
    const lastUse = async (as: string) => {
      const list = await service.send(`GET /v1/rps/${rp.id}/api-keys`, { as });
      return (list.body as { items: { lastUsedAt: string | null }[] }).items.map(({ lastUsedAt }) => lastUsedAt);
    };
    expect(await lastUse(session)).toEqual([null]);
    const day = service.now() - MINUTE;
    await service.send('GET /v1/rp/users', { as: apiKey });
    const [first] = await lastUse(session);
    expect(Date.parse(first ?? '')).toBeGreaterThanOrEqual(day);
    await service.pass(25 * MINUTE);
    await service.send('GET /v1/rp/users', { as: apiKey });
    expect(await lastUse(session)).toEqual([first]);
    await service.pass(36 * MINUTE);
    await service.send('GET /v1/rp/users', { as: apiKey });
    const [second] = await lastUse(await service.signIn(email));
    expect(Date.parse(second ?? '')).toBeGreaterThanOrEqual(day + HOUR);
  });
});

const nothing = 'adm_00000000000000000000';
const noThings = {
  customer: nothing,
  removedUserOfRp: nothing,
  credential: nothing,
  removedCredential: nothing,
  removedCredentialOfRp: nothing,
  registration: { ceremony: 'AA', response: undefined },
  authentication: undefined,
  administrator: nothing,
  provisionalAdministrator: nothing,
  removedAdministrator: nothing,
  recoveredAdministrator: nothing,
  rp: nothing,
  removedRp: nothing,
  removedKey: nothing,
  user: nothing,
  removedUser: nothing,
  signInToken: nothing,
  confirmationToken: nothing,
  passkey: nothing,
  removedPasskey: nothing,
  newPasskey: undefined,
  operatorLink: nothing,
  operatorRegistration: undefined,
  operatorSignIn: undefined,
};
