import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFido2Client, Fido2ConnectionError, Fido2Problem } from 'fido2-server-service-sdk';
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
  const logged: unknown[] = [];

  beforeAll(async () => {
    service = await startTestService();
    rp = await newTestRp(service, { rpId: 'localhost' });
    const fido2 = createFido2Client({
      ...{ apiKey: rp.apiKey, baseUrl: service.url, rpId: 'localhost', retries: 0 },
      fetch: (url, init) => {
        const request = new Request(url, init);
        sent.push(`${request.method} ${new URL(request.url).pathname}`);
        return isServiceUp ? fetch(request) : Promise.reject(new TypeError('fetch failed'));
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
    logged.length = 0;
  });

  const open = () => openShop(shop.url);
  const signedUp = async () => {
    const browser = open();
    const { body } = await browser.signUp();
    return { browser, id: body.account?.passkeys[0]?.id ?? '' };
  };
  /** Returns another device of the person who is signed in in a browser: its session, and another authenticator. */
  const otherDeviceOf = (browser: ShopBrowser) => {
    const other = open();
    other.setCookie(browser.cookie());
    return other;
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
    const { browser } = await signedUp();
    const users = (await service.send('GET /v1/rp/users?limit=100', { as: rp.apiKey })).body as {
      items: { userId: string; registeredAt: string }[];
    };
    const { userId = '' } = users.items.toSorted((a, b) => a.registeredAt.localeCompare(b.registeredAt)).at(-1) ?? {};
    const edit = { as: rp.apiKey, body: { disabled: true } };
    expect((await service.send(`PATCH /v1/rp/users/${userId}`, edit)).status).toBe(200);
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
    expect((await browser.send('POST /api/sign-up/begin', { name: 'a'.repeat(70_000) })).status).toBe(400);
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
  it('passes the signal for an unknown passkey on, and keeps the cookie to TLS', async () => {
    const unknownCredential = { rpId: 'shop.example.com', credentialId: 'AAAA' };
    const problem = { type: '/problems/credential-unknown', title: 'No such credential', status: 404 };
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
    const logged: unknown[] = [];
    const port = await freePort();
    const origin = 'https://shop.example.com';
    const log = (error: unknown) => void logged.push(error);
    const shop = await startShop({ fido2, rpId: 'shop.example.com', port, origin, log });
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
    expect(logged).toEqual([expect.any(Fido2Problem)]);
  });
});
