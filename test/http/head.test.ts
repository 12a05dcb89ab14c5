import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import { callRoute, credentialFor, makeThings } from '../support/route-calls.ts';
import { startTestService, type Answer, type TestService } from '../support/service.ts';

let service: TestService;
let made: Awaited<ReturnType<typeof makeThings>>;
beforeAll(async () => {
  service = await startTestService();
  made = await makeThings(service);
});
afterAll(() => service.stop());

/** Sends the request that a test would send with GET, but with HEAD. */
const byHead = {
  send: (...[request, options]: Parameters<TestService['send']>) =>
    service.send(request.replace('GET', 'HEAD'), options),
};
/** Returns the headers of a response, without those that depend on the time or on the connection. */
const headersOf = ({ headers }: Answer) =>
  Object.fromEntries(
    [...headers].filter(([name]) => !/^(date|connection|keep-alive|content-length|transfer-encoding)$/.test(name)),
  );

describe('a HEAD request', () => {
  const reads = routes.filter(({ method }) => method === 'GET');
  it.each(reads)('to $path gets the status and the headers of the response to GET, and no body', async (route) => {
    const { things } = made;
    const as = credentialFor(route, made);

    const got = await callRoute(service, route, things, as);
    const head = await callRoute(byHead, route, things, as);

    expect(got.status).toBe(200);
    expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: '' });
    expect(headersOf(head)).toEqual(headersOf(got));
  });

  it.each(reads.filter(({ caller }) => caller !== 'anyone'))(
    'to $path is refused without a credential',
    async (route) => {
      expect(await callRoute(byHead, route, made.things, undefined)).toMatchObject({ status: 401, text: '' });
    },
  );

  it.each(['/nowhere', '/v1/customers', '/v1/rp/operations'])(
    'to %s, which has no route for GET, is 404',
    async (path) => {
      expect(await service.send(`HEAD ${path}`)).toMatchObject({ status: 404, text: '' });
    },
  );
});
