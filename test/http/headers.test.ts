import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;

beforeAll(async () => {
  service = await startTestService();
  alice = await service.signUp();
});
afterAll(() => service.stop());

/**
 * The headers of every response. The API's responses are not web pages, so browsers must not store a response, show a
 * response in a frame or guess the type of a response.
 */
const always = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};
/** The headers that the HTTP server of the local service adds. */
const transport = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

async function headersOf(request: string, options: Parameters<TestService['send']>[1] = {}) {
  const { status, headers } = await service.send(request, options);
  return { status, ...Object.fromEntries([...headers].filter(([name]) => !transport.has(name))) };
}

it('responses with JSON, CSV, a problem or no body have the same security headers', async () => {
  expect(await headersOf('GET /v1/health')).toEqual({ status: 200, 'content-type': 'application/json', ...always });
  expect(
    await headersOf('GET /v1/customer/statements', { as: alice.session, headers: { accept: 'text/csv' } }),
  ).toMatchObject({ status: 200, 'content-type': 'text/csv; charset=utf-8', vary: 'accept', ...always });
  expect(await headersOf('GET /v1/customer')).toEqual({
    status: 401,
    'content-type': 'application/problem+json',
    'www-authenticate': 'Bearer',
    ...always,
  });
  expect(await headersOf('POST /v1/customers', { raw: '{' })).toEqual({
    status: 400,
    'content-type': 'application/problem+json',
    ...always,
  });
  expect(await headersOf('GET /nowhere')).toEqual({
    status: 404,
    'content-type': 'application/problem+json',
    ...always,
  });
  const signedOut = await headersOf('DELETE /v1/sessions/current', { as: alice.session });
  expect(signedOut).toMatchObject({ status: 204, ...always });
  expect(Object.keys(signedOut).sort()).toEqual(['set-cookie', 'status', ...Object.keys(always)].sort());
});
