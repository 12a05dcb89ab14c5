import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFido2Client, Fido2ConnectionError, type Fido2Client } from 'fido2-server-service-sdk';
import { createPasskey, usePasskey, type SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { startFaultyProxy, type Fault } from './faulty-proxy.ts';

let service: TestService;
let proxy: Awaited<ReturnType<typeof startFaultyProxy>>;
let rp: TestRp;
let fido2: Fido2Client;
let passkey: SoftPasskey;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
  proxy = await startFaultyProxy(service.url);
  rp = await newTestRp(service);
  ({ passkey } = await rp.register({ userId: 'carol' }));
  fido2 = createFido2Client({ apiKey: rp.apiKey, baseUrl: proxy.url });
});
beforeEach(() => {
  proxy.fail();
});
afterAll(async () => {
  await proxy.stop();
  await service.stop();
});

/** An answer of a busy server. By default, it asks for no pause, so that the tests do not wait. */
const busy = (status: number, retryAfter = '0'): Fault => ({ status, headers: { 'retry-after': retryAfter } });
/** Returns the different `Idempotency-Key` headers of the requests since the last call of `fail`. */
const keys = () => new Set(proxy.requests().map(({ headers }) => headers['idempotency-key']));

async function answered() {
  const { ceremony, options } = await fido2.requestAuthenticationOptions();
  return { ceremony, response: usePasskey(rp.origin, passkey, options) };
}

describe('the end of a ceremony', () => {
  it.each<[string, Fault]>([
    ['is lost after the service has accepted it', 'lost'],
    ['is lost before it arrives', 'dropped'],
    ['is refused by a busy gateway', busy(429)],
    ['meets an internal error', busy(500)],
    ['meets a bad gateway', busy(502)],
    ['meets a service that is unavailable', busy(503)],
    ['meets a time-out of the gateway', busy(504)],
  ])('that %s is repeated with the same key, and accepted once', async (_, fault) => {
    const end = await answered();
    proxy.fail(fault);

    expect(await fido2.authenticateUser(end)).toMatchObject({ user: { userId: 'carol' } });
    expect(proxy.requests()).toHaveLength(2);
    expect([...keys()]).toEqual([expect.stringMatching(/^[\w-]{36}$/)]);
    const [first, second] = proxy.requests();
    expect(second?.body).toBe(first?.body);
    await expect(fido2.authenticateUser(end)).rejects.toMatchObject({ code: 'ceremony-used' });
  });

  it('whose answer does not come in time is repeated with the same key', async () => {
    const hasty = createFido2Client({ apiKey: rp.apiKey, baseUrl: proxy.url, timeoutSeconds: 1, retries: 5 });
    const end = await answered();
    proxy.fail('silent');

    expect(await hasty.authenticateUser(end)).toMatchObject({ user: { userId: 'carol' } });
    expect(proxy.requests().length).toBeGreaterThan(1);
    expect(keys().size).toBe(1);
  });

  it('of a registration is repeated with the same key, and counted once', async () => {
    const begun = await fido2.requestRegistrationOptions({ userId: 'dave', createUser: true });
    const { response } = createPasskey(rp.origin, begun.options);
    proxy.fail('lost', 'lost');

    const answer = await fido2.registerCredential({ ceremony: begun.ceremony, response });
    expect(answer).toMatchObject({ user: { userId: 'dave' }, operation: { status: 'counted' } });
    expect([proxy.requests().length, keys().size]).toEqual([3, 1]);
    expect((await fido2.listCredentials({ userId: 'dave' })).items).toHaveLength(1);
  });

  it('can be repeated by another process with a key that the caller chose', async () => {
    const end = await answered();
    const first = await fido2.authenticateUser(end, { idempotencyKey: 'session-7' });
    const other = createFido2Client({ apiKey: rp.apiKey, baseUrl: proxy.url });

    expect(await other.authenticateUser(end, { idempotencyKey: 'session-7' })).toEqual(first);
  });

  it('has another key for each call', async () => {
    for (let calls = 0; calls < 2; calls += 1) await fido2.authenticateUser(await answered());
    const ends = proxy.requests().filter(({ request }) => request === 'POST /v1/rp/authentications');

    expect(new Set(ends.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
  });

  it('is not repeated if the service refuses it', async () => {
    const end = await answered();
    proxy.fail();

    await expect(fido2.authenticateUser({ ...end, context: 'other' })).rejects.toMatchObject({
      code: 'ceremony-invalid',
    });
    expect(proxy.requests()).toHaveLength(1);
  });
});

const reads: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['getOwnRp', () => fido2.getOwnRp()],
  ['listUsers', () => fido2.listUsers()],
  ['requestAuthenticationOptions', () => fido2.requestAuthenticationOptions()],
  ['requestRegistrationOptions', () => fido2.requestRegistrationOptions({ userId: 'carol' })],
  ['registerUsers', () => fido2.registerUsers({ users: [{ userId: 'erin' }] })],
  [
    'reportOperations with times',
    () =>
      fido2.reportOperations({
        operations: [{ userId: 'carol', type: 'authentication', occurredAt: '2026-11-02T07:59:00Z' }],
      }),
  ],
];
const edits: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['editUser', () => fido2.editUser({ userId: 'carol', displayName: 'Carol' })],
  ['removeUser', () => fido2.removeUser({ userId: 'nobody' }).catch(ignoreNotFound)],
  [
    'reportOperations without times',
    () => fido2.reportOperations({ operations: [{ userId: 'carol', type: 'authentication' }] }),
  ],
];
function ignoreNotFound(error: unknown) {
  if ((error as { code?: string }).code !== 'not-found') throw error;
}

describe.each(reads)('%s', (_, call) => {
  it('is repeated after a lost answer and when the service is unavailable', async () => {
    proxy.fail('lost', busy(503));
    await call();

    expect(proxy.requests()).toHaveLength(3);
  });
});

describe.each(edits)('%s', (_, call) => {
  it.each<Fault>(['lost', 'dropped'])(
    'is not repeated if its answer is lost (%s), because it may be done',
    async (fault) => {
      proxy.fail(fault);

      await expect(call()).rejects.toBeInstanceOf(Fido2ConnectionError);
      expect(proxy.requests()).toHaveLength(1);
    },
  );

  it.each([500, 502, 503, 504])('is not repeated after the status %i, because it may be done', async (status) => {
    proxy.fail(busy(status));

    await expect(call()).rejects.toMatchObject({ status });
    expect(proxy.requests()).toHaveLength(1);
  });

  it('is repeated if it was refused because of too many requests', async () => {
    proxy.fail(busy(429));
    await call();

    expect(proxy.requests()).toHaveLength(2);
  });
});

describe('retries', () => {
  it('end after the number of retries, with the last error', async () => {
    proxy.fail('dropped', busy(503), busy(502), busy(500));

    await expect(fido2.getOwnRp()).rejects.toMatchObject({ status: 502 });
    expect(proxy.requests()).toHaveLength(3);
  });

  it('can be switched off', async () => {
    proxy.fail('dropped');
    const once = createFido2Client({ apiKey: rp.apiKey, baseUrl: proxy.url, retries: 0 });

    await expect(once.getOwnRp()).rejects.toBeInstanceOf(Fido2ConnectionError);
    expect(proxy.requests()).toHaveLength(1);
  });

  it('do not wait longer than a try may take, but leave a long wait to the caller', async () => {
    proxy.fail(busy(429, '3600'));

    await expect(fido2.getOwnRp()).rejects.toMatchObject({ code: 'too-many-requests', retryAfterSeconds: 3_600 });
    expect(proxy.requests()).toHaveLength(1);
  });

  it('understand a date in Retry-After', async () => {
    proxy.fail(busy(503, 'Mon, 02 Nov 2026 08:00:00 GMT'));

    expect(await fido2.getOwnRp()).toMatchObject({ rpId: rp.rpId });
    expect(proxy.requests()).toHaveLength(2);
  });

  it('of an edit follow a connection that could not be opened', async () => {
    const refused = { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) };
    let calls = 0;
    const client = createFido2Client({
      apiKey: rp.apiKey,
      baseUrl: service.url,
      fetch: async (url, init) => {
        calls += 1;
        if (calls === 1) throw new TypeError('fetch failed', refused);
        return fetch(url, init);
      },
    });

    expect(await client.editUser({ userId: 'carol', displayName: 'C.' })).toMatchObject({ displayName: 'C.' });
    expect(calls).toBe(2);
  });

  it('stop while they wait when the signal of the call is aborted', async () => {
    const controller = new AbortController();
    proxy.fail(busy(429, '9'));
    const call = fido2.getOwnRp({ signal: controller.signal });
    await expect.poll(() => proxy.requests().length).toBe(1);
    controller.abort(new Error('The person left.'));

    await expect(call).rejects.toThrow('The person left.');
    expect(proxy.requests()).toHaveLength(1);
  });
});
