import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFido2Client, Fido2ConnectionError, Fido2Problem, type Fido2Client } from 'fido2-server-service-sdk';
import { usePasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { startFaultyProxy } from './faulty-proxy.ts';

let service: TestService;
let proxy: Awaited<ReturnType<typeof startFaultyProxy>>;
let rp: TestRp;
let fido2: Fido2Client;
beforeAll(async () => {
  service = await startTestService();
  proxy = await startFaultyProxy(service.url);
  rp = await newTestRp(service);
  fido2 = createFido2Client({ apiKey: rp.apiKey, baseUrl: proxy.url, retries: 0 });
});
beforeEach(() => {
  proxy.fail();
});
afterAll(async () => {
  await proxy.stop();
  await service.stop();
});

/** Returns the error with which a call fails. */
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );
async function problemOf(call: Promise<unknown>): Promise<Fido2Problem> {
  const error = await failureOf(call);
  if (error instanceof Fido2Problem) return error;
  throw new Error('The call did not fail with a problem.', { cause: error });
}

describe('a problem of the service', () => {
  it('has the status, the code, the texts and the ID of the request', async () => {
    const problem = await problemOf(fido2.getUser({ userId: 'nobody' }));

    expect(problem).toMatchObject({ name: 'Fido2Problem', status: 404, code: 'not-found', title: 'Not found' });
    expect(problem.message).toBe(`not-found: Not found. ${problem.detail}`);
    expect(problem.requestId).toMatch(/./);
    expect([problem.errors, problem.step, problem.signals, problem.retryAfterSeconds]).toEqual([
      [],
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('names the wrong fields', async () => {
    const problem = await problemOf(fido2.registerUsers({ users: [{ userId: '~' }] }));

    expect(problem).toMatchObject({ status: 400, code: 'validation', errors: [{ pointer: '#/users/0/userId' }] });
  });

  it('names the step that refused a response, and the other members of the problem', async () => {
    const { passkey } = await rp.register({ userId: 'carol' });
    const { ceremony, options } = await fido2.requestAuthenticationOptions();
    const response = usePasskey('https://evil.example', passkey, options);
    const problem = await problemOf(fido2.authenticateUser({ ceremony, response }));

    expect(problem).toMatchObject({ code: 'origin-not-allowed', step: 'origin' });
    expect(problem.problem).toMatchObject({ origin: 'https://evil.example' });
  });

  it('has the signals for the browser', async () => {
    const { passkey } = await rp.register({ userId: 'dave' });
    const { ceremony, options } = await fido2.requestAuthenticationOptions();
    await fido2.removeUser({ userId: 'dave' });
    const response = usePasskey(rp.origin, passkey, options);

    expect(await problemOf(fido2.authenticateUser({ ceremony, response }))).toMatchObject({
      code: 'credential-unknown',
      signals: { unknownCredential: { rpId: rp.rpId, credentialId: response.id } },
    });
  });

  it('says that an API key is wrong', async () => {
    const wrong = createFido2Client({ apiKey: `${rp.apiKey.slice(0, -4)}AAAA`, baseUrl: service.url });

    expect(await problemOf(wrong.getOwnRp())).toMatchObject({ status: 401, code: 'unauthenticated' });
  });
});

describe('an answer that is no problem of the service', () => {
  it.each([
    [429, 'too-many-requests'],
    [413, 'payload-too-large'],
    [500, 'internal'],
    [503, 'unavailable'],
    [404, 'unexpected-answer'],
    [302, 'unexpected-answer'],
  ])('of a gateway with the status %i has the code %s', async (status, code) => {
    const headers = { 'content-type': 'application/json', 'retry-after': '7', location: service.url };
    proxy.fail({ status, headers, body: '{"message":"Refused"}' });

    expect(await problemOf(fido2.getOwnRp())).toMatchObject({ status, code, retryAfterSeconds: 7, problem: undefined });
    expect(proxy.requests()).toHaveLength(1);
  });

  it.each([
    ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html>' }],
    ['a body that is cut off', { status: 200, headers: { 'content-type': 'application/json' }, body: '{"rpId":' }],
    ['an empty body', { status: 200, headers: { 'content-type': 'application/json' } }],
    ['a body that is no object', { status: 200, headers: { 'content-type': 'application/json' }, body: 'null' }],
    ['no content', { status: 204 }],
    ['a broken problem', { status: 400, headers: { 'content-type': 'application/problem+json' }, body: '{"type":' }],
  ])('but %s is an unexpected answer', async (_, answer) => {
    proxy.fail(answer);

    expect(await problemOf(fido2.getOwnRp())).toMatchObject({ status: answer.status, code: 'unexpected-answer' });
  });
});

it.each(['Application/JSON', 'application/json; charset=utf-8'])('accepts an answer of the type %s', async (type) => {
  proxy.fail({ status: 200, headers: { 'content-type': type }, body: '{"rpId":"shop.example.com"}' });

  expect(await fido2.getOwnRp()).toEqual({ rpId: 'shop.example.com' });
});

describe('a call without an answer', () => {
  it.each(['dropped', 'lost'] as const)('fails with a connection error if the connection is %s', async (fault) => {
    proxy.fail(fault);
    const error = await failureOf(fido2.getOwnRp());

    expect(error).toBeInstanceOf(Fido2ConnectionError);
    expect((error as Error).cause).toBeInstanceOf(TypeError);
  });

  it('fails with a connection error when its time is over', async () => {
    const hasty = createFido2Client({ apiKey: rp.apiKey, baseUrl: proxy.url, retries: 0, timeoutSeconds: 0.1001 });
    proxy.fail('silent');
    const error = await failureOf(hasty.getOwnRp());

    expect(error).toBeInstanceOf(Fido2ConnectionError);
    expect((error as Error).cause).toMatchObject({ name: 'TimeoutError' });
    expect((error as Error).message).toMatch(`${proxy.url} did not answer: `);
  });

  it('fails with the reason of its signal when that is aborted', async () => {
    const reason = new Error('The person left.');
    expect(await failureOf(fido2.getOwnRp({ signal: AbortSignal.abort(reason) }))).toBe(reason);

    const patient = createFido2Client({ apiKey: rp.apiKey, baseUrl: proxy.url });
    const controller = new AbortController();
    proxy.fail('silent');
    const call = failureOf(patient.getOwnRp({ signal: controller.signal }));
    await expect.poll(() => proxy.requests().length).toBe(1);
    controller.abort(reason);
    expect(await call).toBe(reason);
    expect(proxy.requests()).toHaveLength(1);
  });
});

it.each([
  ['an API key that is cut off', { apiKey: 'fido2_abc' }],
  ['a base URL that is no URL', { baseUrl: 'console.example.com' }],
  ['a base URL without https://', { baseUrl: 'localhost:3000' }],
  ['a base URL with a password', { baseUrl: 'https://user:fido2_abc@console.example.com' }],
  ['a base URL with a query', { baseUrl: 'https://console.example.com/?a=1' }],
  ['a negative number of retries', { retries: -1 }],
  ['no time for a try', { timeoutSeconds: 0 }],
  ['too much time for a try', { timeoutSeconds: 601 }],
])('refuses %s, without naming the key', (_, option) => {
  const create = () => createFido2Client({ apiKey: rp.apiKey, baseUrl: service.url, ...option });

  expect(create).toThrow(/^The option \w+ /);
  expect(create).not.toThrow(/fido2_abc/);
});
