import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listApiKeysContract, listRpsContract } from '../../functions/contract/rps.ts';
import { DAY, MINUTE, toIso } from '../../functions/domain/time.ts';
import { freePort } from '../../local/aws/engine.ts';
import { banner } from '../../local/banner.ts';
import { createDemoClient } from '../../local/demo/demo-client.ts';
import { provideShopKey } from '../../local/demo/demo-shop.ts';
import { noShopKey, startLocalShop, type LocalShop } from '../../local/shop.ts';
import { openShop } from '../shop/shop-browser.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

describe('the sample shop of npm start', () => {
  let service: TestService;
  let alice: SignedUp;
  beforeAll(async () => {
    service = await startTestService();
    alice = await service.signUp();
  });
  afterAll(() => service.stop());

  const provide = (kept?: string) => provideShopKey(createDemoClient(service.url), alice.session, kept);
  const rps = async () =>
    (await service.send('GET /v1/rps', { as: alice.session })).read(listRpsContract.answer.body).items;
  const keys = async (rp: string) =>
    (await service.send(`GET /v1/rps/${rp}/api-keys`, { as: alice.session })).read(listApiKeysContract.answer.body)
      .items;
  /** Starts the shop with an API key that has the right form. */
  const start = (port: number) =>
    startLocalShop({
      ...{ url: service.url, port, log: { warn: () => undefined }, now: service.now },
      apiKey: `fido2_${'a'.repeat(20)}_${'b'.repeat(43)}`,
    });
  const shown = (shop: LocalShop | undefined) =>
    banner({
      ...{ url: 'http://localhost:3000', timeZone: 'UTC', dataDir: '.local', shop },
      demo: { loadedAt: '', rpId: 'shop.example', userId: 'user-1', email: 'alice@harbor.example' },
      people: [{ email: 'alice@harbor.example', shows: 'Business' }],
    });

  it('gets an RP and an API key at the first start, and keeps the key as long as it works', async () => {
    const key = await provide();
    expect(await rps()).toMatchObject([{ rpId: 'localhost', name: 'Sample shop' }]);
    expect((await service.send('GET /v1/rp', { as: key })).status).toBe(200);
    expect(await provide(key)).toBe(key);

    const [rp] = await rps();
    const [first] = await keys(rp?.id ?? '');
    await service.send(`DELETE /v1/rps/${rp?.id ?? ''}/api-keys/${first?.keyId ?? ''}`, { as: alice.session });
    await service.pass(MINUTE);
    const renewed = await provide(key);
    expect(renewed).not.toBe(key);
    expect((await service.send('GET /v1/rp', { as: renewed })).status).toBe(200);
    expect(await rps()).toHaveLength(1);

    // Only a passkey that was used recently can create another key, and nobody uses it at a start.
    await service.addPasskey(alice.session);
    await service.pass(6 * MINUTE);
    expect(await provide(renewed)).toBe(renewed);
    expect(await provide()).toBeUndefined();
  });

  it('keeps its key if the service cannot check it at the start', async () => {
    for (const status of [429, 503]) {
      const busy = createServer((_, response) => response.writeHead(status).end()).listen(0, '127.0.0.1');
      await once(busy, 'listening');
      const client = createDemoClient(`http://127.0.0.1:${(busy.address() as AddressInfo).port}`);
      expect(await provideShopKey(client, alice.session, 'fido2_kept')).toBe('fido2_kept');
      busy.close();
    }
  });

  it('leaves an RP alone that the developer registered', async () => {
    const bob = await service.signUp();
    const own = await service.send('POST /v1/rps', { as: bob.session, body: { rpId: 'localhost', name: 'My shop' } });
    const { id } = own.body as { id: string };
    expect(await provideShopKey(createDemoClient(service.url), bob.session)).toBeUndefined();
    const listed = await service.send(`GET /v1/rps/${id}/api-keys`, { as: bob.session });
    expect(listed.read(listApiKeysContract.answer.body).items).toEqual([]);
  });

  it('runs at the time of the service, so that a developer can look at another month', async () => {
    const carol = await service.signUp();
    await service.setLicense(carol.customerId, { type: 'business', endsAt: toIso(service.now() + 100 * DAY) });
    const apiKey = (await provideShopKey(createDemoClient(service.url), carol.session)) ?? '';
    const port = await freePort();
    const logged: unknown[] = [];
    const warn = (_: string, fields?: object) => logged.push(fields);
    const shop = await startLocalShop({ ...{ url: service.url, port, apiKey, now: service.now }, log: { warn } });
    await service.pass(31 * DAY);
    const browser = openShop(`http://localhost:${port}`);
    expect((await browser.signUp()).status).toBe(200);
    await browser.send('POST /api/sign-out');
    expect((await browser.signIn()).status).toBe(200);
    await service.drain();
    const session = await service.signIn(carol.email);
    const mau = (await service.send('GET /v1/customer/mau?months=3', { as: session })).body as { total: number[] };
    expect(mau.total.at(-1)).toBe(1);

    // The session of a visitor lasts as long as the last ceremony that began in it.
    await browser.send('POST /api/sign-out');
    await browser.send('POST /api/sign-in/begin', { autofill: true });
    await service.pass(55 * MINUTE);
    const response = await browser.respond('/api/sign-in', 'get', { autofill: true });
    await service.pass(7 * MINUTE);
    expect((await browser.end('/api/sign-in', response)).status).toBe(200);
    expect(logged).toEqual([]);
    await shop.stop?.();
  });

  it('runs, and the banner names its URL and the person who sees its MAU', async () => {
    const port = await freePort();
    const shop = await start(port);
    expect(await (await fetch(`http://localhost:${port}/`)).text()).toContain('Leaf & Harbor');
    expect(shown(shop)).toContain(
      `\nSample shop: http://localhost:${port}/ Sign up there, and watch the MAU as alice@harbor.example.\n`,
    );
    await shop.stop?.();
  });

  it('does not run if its port is in use or if it has no API key, and the banner says what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = await start(port);
    other.close();
    expect(shown(taken)).toContain(
      `\nThe sample shop does not run. Port ${port} is in use. To choose another port: SHOP_PORT=${port + 1} npm start\n`,
    );
    expect(shown(noShopKey('alice@harbor.example'))).toContain('\nThe sample shop does not run. It has no API key.');
    expect(shown(undefined)).not.toContain('shop does not run');
  });
});
