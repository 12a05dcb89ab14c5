import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  getWebhookContract,
  setWebhookContract,
  testWebhookContract,
  type WebhookView,
} from '../../functions/contract/webhooks.ts';
import { DAY, MINUTE, SECOND } from '../../functions/domain/time.ts';
import { customerPartition } from '../../functions/table/keys.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';
import { startReceiver, verify } from '../support/webhooks.ts';

/** How long the tests wait for the service to deliver an event on a busy machine, in milliseconds. */
const PATIENCE = { timeout: 20_000, interval: 100 };

let service: TestService;
let alice: SignedUp;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let status: number;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  status = 204;
  receiver = await startReceiver((_, response) => response.writeHead(status, { location: '/elsewhere' }).end());
  alice = await service.signUp();
});
afterEach(() => {
  receiver.stop();
});

const set = (url = receiver.url, as = alice.session) => service.send('PUT /v1/customer/webhook', { as, body: { url } });
const secretOf = async (url?: string) => (await set(url)).read(setWebhookContract.answer.body).secret ?? '';
async function get(as = alice.session): Promise<WebhookView | null> {
  return (await service.send('GET /v1/customer/webhook', { as })).read(getWebhookContract.answer.body).webhook;
}
const test = () => service.send('POST /v1/customer/webhook/test', { as: alice.session });
const rotate = () => service.send('POST /v1/customer/webhook/secret', { as: alice.session });
const remove = () => service.send('DELETE /v1/customer/webhook', { as: alice.session });

/** Waits until the last delivery has the status, and returns it. */
const settled = (expected: 'delivered' | 'failed') =>
  vi.waitFor(async () => {
    const [last] = (await get())?.deliveries ?? [];
    expect(last).toMatchObject({ status: expected });
    return last;
  }, PATIENCE);

/** Makes the MAU of the customer exceed its threshold of 1, and starts alert runs. */
async function exceed(): Promise<void> {
  const { id } = await service.newRp(alice.session);
  const { apiKey } = await service.newApiKey(alice.session, id);
  await service.registerUsers(apiKey, ['user-1', 'user-2']);
  const view = await service.send('GET /v1/customer', { as: alice.session });
  const headers = { 'if-match': view.headers.get('etag') ?? '' };
  const body = { enabled: true, threshold: 1 };
  await service.send('PUT /v1/customer/mau-alert', { as: alice.session, headers, body });
  await service.authenticateUsers(apiKey, ['user-1', 'user-2']);
  await service.drain();
  for (let runs = 0; runs < 2; runs += 1) await service.send('POST /_local/schedules/mau-alerts');
}

describe('the webhook of a customer', () => {
  it('receives one signed event when the MAU exceed the threshold', async () => {
    const secret = await secretOf();
    await exceed();
    await settled('delivered');
    expect(receiver.received.map((request) => verify(secret, request))).toMatchObject([
      {
        type: 'mau.threshold-exceeded',
        data: { customerId: alice.customerId, threshold: 1, mau: 2, maxMau: null, overageMau: 0, overageFee: null },
      },
    ]);
    expect(receiver.received[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
  });

  it('shows its secret only when it is created and rotated', async () => {
    const created = await set();
    expect(created.body).toMatchObject({
      webhook: { url: receiver.url, previousSecretEndsAt: null, deliveries: [] },
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) as string,
    });
    expect((await set()).body).toMatchObject({ secret: null });
    expect((await set(`${receiver.url}/other`)).body).toMatchObject({ secret: null });
    const { text } = await service.send('GET /v1/customer/webhook', { as: alice.session });
    expect(text).toContain(receiver.url);
    const { secret = '' } = created.body as { secret?: string };
    for (const hidden of ['whsec_', secret.slice('whsec_'.length), 'ealed', 'secret":'])
      expect(text).not.toContain(hidden);
    const rotated = (await rotate()).read(setWebhookContract.answer.body);
    expect(rotated.secret).toMatch(/^whsec_/);
    expect(rotated.webhook.previousSecretEndsAt).not.toBeNull();
  });

  it('gets signatures with both secrets after a rotation', async () => {
    const first = await secretOf();
    const second = (await rotate()).read(setWebhookContract.answer.body).secret ?? '';
    expect((await test()).status).toBe(202);
    await settled('delivered');
    const [request] = receiver.received;
    if (!request) throw new Error('There was no request.');
    for (const secret of [first, second]) expect(verify(secret, request)).toMatchObject({ type: 'webhook.test' });
  });

  it('lists the last deliveries, and their failures', async () => {
    await set();
    status = 302;
    const pending = (await test()).read(testWebhookContract.answer.body);
    expect(pending).toMatchObject({ type: 'webhook.test', status: 'pending', attempts: 0 });
    expect(await settled('failed')).toMatchObject({
      ...{ id: pending.id, attempts: 1, responseStatus: 302, failure: 'status', nextAttemptAt: null },
    });
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([pending.id]);
    expect((await test()).status).toBe(429);
    status = 204;
    await service.pass(11 * SECOND);
    await test();
    await settled('delivered');
    expect((await get())?.deliveries.map((delivery) => delivery.status)).toEqual(['delivered', 'failed']);
  });

  it('is tried again as the time passes', async () => {
    await set();
    status = 503;
    await exceed();
    await vi.waitFor(async () => {
      expect((await get())?.deliveries).toMatchObject([{ status: 'pending', attempts: 1, responseStatus: 503 }]);
    }, PATIENCE);
    status = 200;
    await service.pass(MINUTE);
    expect(await settled('delivered')).toMatchObject({ attempts: 2, responseStatus: 200 });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('gets nothing after it was removed', async () => {
    await set();
    expect((await remove()).status).toBe(204);
    expect(await get()).toBeNull();
    await exceed();
    await service.send('GET /_local/mail');
    expect(receiver.received).toEqual([]);
    expect(
      (await service.dump()).filter(
        ({ pk, sk }) => pk === customerPartition(alice.customerId).pk && String(sk).startsWith('WEBHOOK'),
      ),
    ).toEqual([]);
    for (const again of [remove, rotate, test]) expect((await again()).status).toBe(404);
  });

  it('has another secret after it was removed and set again', async () => {
    const first = await secretOf();
    await remove();
    expect(await secretOf()).not.toBe(first);
  });

  it('shows only the origin of its URL to administrators who may not set it', async () => {
    await set(`${receiver.url}?key=hidden`);
    const bob = await service.addAdministrator(alice.session, 'administrator');
    expect((await get())?.url).toBe(`${receiver.url}?key=hidden`);
    expect((await get(bob.session))?.url).toBe(new URL(receiver.url).origin);
  });

  it('belongs to its customer alone', async () => {
    await set();
    const other = await service.signUp();
    expect(await get(other.session)).toBeNull();
    const requests = [
      'POST /v1/customer/webhook/test',
      'POST /v1/customer/webhook/secret',
      'DELETE /v1/customer/webhook',
    ];
    for (const request of requests) expect((await service.send(request, { as: other.session })).status).toBe(404);
    expect(await get()).toMatchObject({ url: receiver.url });
  });

  it('is read by all administrators, and changed by privileged ones', async () => {
    await set();
    const bob = await service.addAdministrator(alice.session, 'administrator');
    expect(await get(bob.session)).toMatchObject({ url: new URL(receiver.url).origin });
    expect((await set('https://example.com/', bob.session)).status).toBe(403);
    expect(await get()).toMatchObject({ url: receiver.url });
  });

  it('is set and rotated by an administrator with a passkey only after a recent sign-in', async () => {
    await set();
    const { passkey } = await service.addPasskey(alice.session);
    await service.pass(DAY);
    alice = { ...alice, session: await service.signInByPasskey(passkey) };
    expect((await rotate()).status).toBe(200);
    await service.pass(6 * MINUTE);
    for (const answer of [await set('https://example.com/'), await rotate()]) {
      expect(answer.body).toMatchObject({ type: '/problems/reauthentication-required', status: 403 });
    }
  });

  it.each([
    'http://example.com/',
    'http://10.0.0.1/',
    'http://localhost.example.com/',
    'ftp://example.com/',
    'https://user@example.com/',
    'https://user:password@example.com/',
    'https://example.com/#fragment',
    'https://',
    '/events',
    'https://exa mple.com/',
    '',
  ])('cannot have the URL %j', async (url) => {
    expect((await set(url)).body).toMatchObject({
      type: '/problems/validation',
      errors: [{ pointer: '#/url', code: 'not-a-webhook-url' }],
    });
    expect(await get()).toBeNull();
  });

  it('can have any URL with https', async () => {
    for (const url of ['https://example.com/events?from=fido2', 'https://example.com:8443/', 'https://例え.jp/']) {
      expect((await set(url)).status).toBe(200);
      expect(await get()).toMatchObject({ url: new URL(url).href });
    }
  });

  it('is in the activity with its origin, and never with its path or its secret', async () => {
    const secret = await secretOf(`${receiver.url}/token-in-the-path`);
    const { text } = await service.send('GET /v1/customer/activity', { as: alice.session });
    expect(text).toContain(new URL(receiver.url).origin);
    for (const place of [text, service.loggedText()]) {
      expect(place).not.toContain('token-in-the-path');
      expect(place).not.toContain(secret);
    }
  });
});
