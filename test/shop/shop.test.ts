import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFido2Client, Fido2ConnectionError } from 'fido2-server-service-sdk';
import { startShop } from '../../examples/shop/server/start-shop.ts';
import { freePort } from '../../local/aws/engine.ts';
import { MINUTE } from '../../functions/domain/time.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { openShop, type ShopBrowser } from './shop-browser.ts';

/** The server of the sample shop, over HTTP, with emulated browsers and the real service. */
describe('the sample shop', () => {
  let service: TestService;
  let rp: TestRp;
  let shop: { url: string; stop: () => Promise<void> };
  /** How much the clock of the shop is ahead of the real time, in milliseconds. */
  let ahead = 0;
  /** The requests that the shop sent to the service, and whether they reach it. */
  let sent: string[] = [];
  let isServiceUp = true;
  /** Is called with each answer of the service, before the shop gets it. */
  let onAnswer: (request: string) => Promise<unknown> | undefined;
  const logged: unknown[] = [];

  beforeAll(async () => {
    service = await startTestService();
    rp = await newTestRp(service, { rpId: 'localhost' });
    const fido2 = createFido2Client({
      ...{ apiKey: rp.apiKey, baseUrl: service.url, rpId: 'localhost', retries: 0 },
      fetch: async (url, init) => {
        const request = new Request(url, init);
        const named = `${request.method} ${new URL(request.url).pathname}`;
        sent.push(named);
        if (!isServiceUp) throw new TypeError('fetch failed');
        const answer = await fetch(request);
        await onAnswer(named);
        return answer;
      },
    });
    const now = () => Date.now() + ahead;
    const log = (error: unknown) => void logged.push(error);
    shop = await startShop({ fido2, rpId: 'localhost', port: await freePort(), log, now });
  });
  afterAll(async () => {
    await shop.stop();
    await service.stop();
  });
  beforeEach(() => {
    ahead = 0;
    isServiceUp = true;
    onAnswer = () => undefined;
    logged.length = 0;
  });

  const open = () => openShop(shop.url);
  const signedUp = async (name?: string) => {
    const browser = open();
    const { body } = await browser.signUp(name);
    return { browser, id: body.account?.passkeys[0]?.id ?? '' };
  };
  /** Returns another device of the person who is signed in in a browser: its session, and another authenticator. */
  const otherDeviceOf = (browser: ShopBrowser) => {
    const other = open();
    other.setCookie(browser.cookie());
    return other;
  };
  /** Returns a person with two passkeys, each with a session of its own. */
  const signedUpTwice = async () => {
    const { browser, id } = await signedUp();
    const other = otherDeviceOf(browser);
    const { body } = await other.addPasskey();
    other.setCookie();
    await other.signIn();
    return { browser, id, other, otherId: body.account?.passkeys.find((passkey) => passkey.id !== id)?.id ?? '' };
  };
  /** Returns the user ID of the person with a name. */
  const userNamed = async (name: string) => {
    const { body } = await service.send('GET /v1/rp/users?limit=100', { as: rp.apiKey });
    return (body as { items: { userId: string; userName: string }[] }).items.find(({ userName }) => userName === name)
      ?.userId;
  };

  it('signs a person up, and signs the person in with one request to the service', async () => {
    const { browser, id } = await signedUp();
    expect(await browser.account()).toMatchObject({
      status: 200,
      body: { account: { name: 'Alice Arai', passkeys: [{ id, isCurrent: true }], advice: 'only-one' } },
    });
    await browser.send('POST /api/sign-out');
    expect((await browser.account()).body).toEqual({ account: null });

    sent = [];
    const { status, body } = await browser.signIn();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      account: { name: 'Alice Arai' },
      signals: { currentUserDetails: { name: 'Alice Arai' }, allAcceptedCredentials: { rpId: 'localhost' } },
    });
    // The other requests read the account that the page shows.
    expect(sent.filter((request) => request.startsWith('POST'))).toEqual(['POST /v1/rp/authentications']);
  });

  it('refuses an empty or a long name', async () => {
    for (const name of ['', '  ', 'a'.repeat(61), 7]) {
      expect((await open().send('POST /api/sign-up/begin', { name })).body.code).toBe('name');
    }
  });

  it('accepts a response only once, for its purpose, and in the session in which the ceremony began', async () => {
    const { browser } = await signedUp();
    const response = await browser.respond('/api/sign-in', 'get');
    const stranger = open();
    await stranger.respond('/api/sign-up', 'create', { name: 'Mallory' });
    const refused = { status: 400, body: { code: 'took-too-long' } };
    expect(await stranger.end('/api/sign-in', response)).toMatchObject(refused);
    expect(await browser.end('/api/confirmation', response)).toMatchObject(refused);
    const before = browser.cookie();
    expect((await browser.end('/api/sign-in', response)).status).toBe(200);
    expect(browser.cookie()).not.toBe(before);
    expect(await browser.end('/api/sign-in', response)).toMatchObject(refused);
    for (const nonsense of [undefined, 7, {}, { response: { clientDataJSON: 'e30' } }]) {
      expect(await browser.end('/api/sign-in', nonsense)).toMatchObject(refused);
    }
    // Nobody can choose the ID of a session.
    browser.setCookie(before);
    expect((await browser.account()).body).toEqual({ account: null });
  });

  it('begins a ceremony for autofill that says when the page must renew it', async () => {
    const { body } = await open().send('POST /api/sign-in/begin', { autofill: true });
    expect(body.options).not.toHaveProperty('timeout');
    expect(body.secondsLeft).toBeGreaterThan(480);
    expect(body.secondsLeft).toBeLessThanOrEqual(600);
  });

  it('adds and removes passkeys only after a passkey was used in the last 5 minutes', async () => {
    const { browser, id } = await signedUp();
    ahead = 5.1 * MINUTE;
    const refused = { status: 403, body: { code: 'confirm-first' } };
    expect(await browser.send('POST /api/passkeys/begin')).toMatchObject(refused);
    expect(await browser.removePasskey(id)).toMatchObject(refused);
    expect((await browser.confirm()).status).toBe(200);

    const other = otherDeviceOf(browser);
    const added = await other.addPasskey();
    expect(added.body.account).toMatchObject({ advice: null, passkeys: [{ id, isCurrent: true }, {}] });
    expect((await open().send('POST /api/passkeys/begin')).body.code).toBe('signed-out');
  });

  it('confirms only with a passkey of the same person', async () => {
    const [{ browser }, { browser: other }] = [await signedUp(), await signedUp()];
    const { body } = await browser.send('POST /api/confirmation/begin');
    expect(() => other.device.getJSON(shop.url, body.options as never)).toThrow();
  });

  it('removes a passkey, signals it, and ends the other sessions that were opened with it', async () => {
    const { browser, id } = await signedUp();
    expect((await browser.removePasskey(id)).body.code).toBe('last');
    const other = otherDeviceOf(browser);
    await other.addPasskey();
    expect((await other.signIn()).status).toBe(200);
    const again = otherDeviceOf(browser);

    const removed = await other.removePasskey(id);
    expect(removed.body).toMatchObject({
      account: { passkeys: [{ isCurrent: true }], advice: 'only-one' },
      signals: { unknownCredential: { rpId: 'localhost', credentialId: id } },
    });
    expect(removed.body.account?.passkeys).toHaveLength(1);
    expect((await again.account()).body).toEqual({ account: null });
    expect((await other.removePasskey(id)).status).toBe(404);
  });

  it('removes at most one of the last two passkeys if both are removed at once', async () => {
    const { browser, id } = await signedUp();
    const { body } = await otherDeviceOf(browser).addPasskey();
    const ids = body.account?.passkeys.map((passkey) => passkey.id) ?? [];
    expect(ids).toContain(id);
    const removals = await Promise.all(ids.map((each) => browser.removePasskey(each)));
    expect(removals.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await browser.account()).body.account?.passkeys).toHaveLength(1);
  });

  it('refuses a request that began before the person signed out, and whose body came later', async () => {
    const { browser } = await signedUp();
    const held = httpRequest(`${shop.url}/api/passkeys/begin`, {
      method: 'POST',
      headers: {
        ...{ origin: shop.url, cookie: browser.cookie() ?? '', 'content-type': 'application/json' },
        ...{ 'content-length': 2, expect: '100-continue' },
      },
    });
    held.flushHeaders();
    await once(held, 'continue');
    await browser.send('POST /api/sign-out');
    held.end('{}');
    const [answer] = (await once(held, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(401);
  });

  it('opens no session if the person signs out or the passkey is removed while the service verifies', async () => {
    const { browser, id, other } = await signedUpTwice();
    const ends = [() => other.removePasskey(id), () => otherDeviceOf(other).send('POST /api/sign-out')];
    for (const [index, end] of ends.entries()) {
      const confirming = [browser, other][index] ?? browser;
      const response = await confirming.respond('/api/confirmation', 'get');
      const before = confirming.cookie();
      onAnswer = (request) => {
        if (request !== 'POST /v1/rp/authentications') return;
        onAnswer = () => undefined;
        return end();
      };
      expect(await confirming.end('/api/confirmation', response)).toMatchObject({ status: 401 });
      expect(confirming.cookie()).toBe(before);
      expect((await confirming.account()).body).toEqual({ account: null });
    }
  });

  it('signs nobody in with a passkey that is removed while the service verifies it', async () => {
    const { browser, id, other } = await signedUpTwice();
    await browser.send('POST /api/sign-out');
    const response = await browser.respond('/api/sign-in', 'get');
    onAnswer = (request) => {
      if (request !== 'POST /v1/rp/authentications') return;
      onAnswer = () => undefined;
      return other.removePasskey(id);
    };
    expect((await browser.end('/api/sign-in', response)).body.account).toBeNull();
    expect((await browser.account()).body).toEqual({ account: null });
  });

  it.each(['disabled', 'removed'])('ends a session whose passkey was %s at the service', async (how) => {
    const { browser, id } = await signedUp(how);
    const response = await browser.respond('/api/passkeys', 'create').catch(() => undefined);
    expect(response).toBeUndefined(); // this authenticator already has a passkey
    const adding = otherDeviceOf(browser);
    const added = await adding.respond('/api/passkeys', 'create');
    const path = `/v1/rp/users/${(await userNamed(how)) ?? ''}/credentials/${id}`;
    const { status } = await (how === 'disabled'
      ? service.send(`PATCH ${path}`, { as: rp.apiKey, body: { disabled: true } })
      : service.send(`DELETE ${path}`, { as: rp.apiKey }));
    expect(status).toBeLessThan(300);

    sent = [];
    expect(await adding.end('/api/passkeys', added)).toMatchObject({ status: 401, body: { code: 'signed-out' } });
    expect(sent).not.toContain('POST /v1/rp/registrations');
    expect((await browser.send('POST /api/passkeys/begin')).status).toBe(401);
    expect((await browser.removePasskey(id)).status).toBe(401);
    expect((await browser.account()).body).toEqual({ account: null });
  });

  it('lets a session that removed its own passkey go on, and change passkeys only after another one is used', async () => {
    const { browser, id } = await signedUp();
    const other = otherDeviceOf(browser);
    await other.addPasskey();
    const removed = await browser.removePasskey(id);
    expect(removed.body.account).toMatchObject({ passkeys: [{ isCurrent: false }] });
    expect((await browser.account()).body.account?.name).toBe('Alice Arai');
    expect((await other.send('POST /api/passkeys/begin')).body.code).toBe('confirm-first');
    expect((await other.confirm()).body.account).toMatchObject({ passkeys: [{ isCurrent: true }] });
    expect((await other.send('POST /api/passkeys/begin')).status).toBe(200);
  });

  it('keeps at most 10 sessions of a person', async () => {
    const { browser } = await signedUp();
    const first = otherDeviceOf(browser);
    for (let count = 0; count < 10; count += 1) {
      browser.setCookie();
      expect((await browser.signIn()).status).toBe(200);
    }
    expect((await first.account()).body).toEqual({ account: null });
    expect((await browser.account()).body.account?.name).toBe('Alice Arai');
  });

  it('says only that a sign-in failed, logs the problem, and does not let the browser delete a passkey of localhost', async () => {
    const { browser, id } = await signedUp();
    const other = otherDeviceOf(browser);
    await other.addPasskey();
    await other.removePasskey(id);
    expect(logged).toEqual([]);

    const refused = await browser.signIn();
    expect(refused).toMatchObject({ status: 400, body: { code: 'failed' } });
    expect(Object.keys(refused.body)).toEqual(['code', 'message']);
    expect(logged).toMatchObject([
      { code: 'credential-unknown', signals: { unknownCredential: { credentialId: id } } },
    ]);
  });

  it('signs a person out whom an administrator disabled or removed', async () => {
    const { browser } = await signedUp('Bob');
    const userId = await userNamed('Bob');
    const edit = { as: rp.apiKey, body: { disabled: true } };
    expect((await service.send(`PATCH /v1/rp/users/${userId ?? ''}`, edit)).status).toBe(200);
    expect((await browser.account()).body).toEqual({ account: null });
    expect(browser.cookie()).toBeUndefined();
  });

  it('asks for patience if the service does not answer', async () => {
    const { browser } = await signedUp();
    const response = await browser.respond('/api/sign-in', 'get');
    isServiceUp = false;
    expect(await browser.account()).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await browser.end('/api/sign-in', response)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(logged.every((error) => error instanceof Fido2ConnectionError)).toBe(true);
    isServiceUp = true;
    expect((await browser.account()).status).toBe(200);
  });

  it('refuses requests of other sites, and forms', async () => {
    const browser = open();
    for (const origin of ['https://evil.example', 'http://localhost:3000', 'null']) {
      expect((await browser.send('POST /api/sign-up/begin', { name: 'Eve' }, { origin })).status).toBe(403);
    }
    const form = { 'content-type': 'text/plain' };
    expect((await browser.send('POST /api/sign-up/begin', { name: 'Eve' }, form)).status).toBe(400);
    expect((await browser.send('POST /api/sign-up/begin', { name: 'a'.repeat(5_000_000) })).status).toBe(413);
    expect((await browser.send('GET /api/sign-out')).status).toBe(404);
    expect((await browser.send('GET /../package.json')).status).toBe(404);
  });

  it('serves the page with a policy that allows only its own files, and a cookie that no script can read', async () => {
    const page = await fetch(shop.url);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    const { headers } = await open().signUp();
    expect(headers.get('set-cookie')).toMatch(/^shop-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const numeric = await fetch(shop.url.replace('localhost', '127.0.0.1'), { redirect: 'manual' });
    expect(numeric.headers.get('location')).toBe(`${shop.url}/`);
  });
});

describe('the sample shop at a domain of its own', () => {
  it('passes the signal for an unknown passkey on, logs no passkey, and keeps the cookie to TLS', async () => {
    const unknownCredential = { rpId: 'shop.example.com', credentialId: 'AAAA' };
    const problem = {
      ...{ type: '/problems/credential-unknown', title: 'No such credential', status: 404 },
      requestId: 'request-7',
    };
    const fido2 = createFido2Client({
      ...{ apiKey: `fido2_${'a'.repeat(20)}_${'b'.repeat(43)}`, baseUrl: 'https://example.com' },
      rpId: 'shop.example.com',
      fetch: () =>
        Promise.resolve(
          Response.json(
            { ...problem, signals: { unknownCredential } },
            { status: 404, headers: { 'content-type': 'application/problem+json' } },
          ),
        ),
    });
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const port = await freePort();
    const origin = 'https://shop.example.com';
    const shop = await startShop({ fido2, rpId: 'shop.example.com', port, origin });
    const browser = openShop(`http://localhost:${port}`);
    const begun = await browser.send('POST /api/sign-in/begin', {}, { origin });
    const { challenge } = begun.body.options as unknown as { challenge: string };
    const clientDataJSON = Buffer.from(JSON.stringify({ challenge })).toString('base64url');
    const { body } = await browser.send(
      'POST /api/sign-in/end',
      { response: { response: { clientDataJSON } } },
      { origin },
    );
    await shop.stop();

    expect(begun.headers.get('set-cookie')).toMatch(/^__Host-shop-session=.*; Secure$/);
    expect(body).toMatchObject({ code: 'failed', signals: { unknownCredential } });
    // The default log names the problem and the request, and no passkey.
    expect(logged.mock.calls).toEqual([['credential-unknown: No such credential (request request-7)']]);
    logged.mockRestore();
  });
});
