import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listApiKeysContract, listRpsContract } from '../../functions/contract/rps.ts';
import { MINUTE } from '../../functions/domain/time.ts';
import { freePort } from '../../local/aws/engine.ts';
import { banner } from '../../local/banner.ts';
import { createDemoClient } from '../../local/demo/demo-client.ts';
import { provideShopKey } from '../../local/demo/demo-shop.ts';
import { noShopKey, startLocalShop, type LocalShop } from '../../local/shop.ts';
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
      ...{ url: service.url, port, log: { warn: () => undefined } },
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
