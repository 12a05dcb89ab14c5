import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes, type Route } from '../../functions/api/routes.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const all: readonly Route[] = routes;
const constant = all.filter(({ isConstant }) => isConstant);

it('only GET routes that anybody may call, without parameters in the path, are constant', () => {
  expect(constant.map(({ name }) => name)).toEqual(['list-plans', 'get-openapi']);
  for (const { method, caller, path } of constant) {
    expect({ method, caller }).toEqual({ method: 'GET', caller: 'anyone' });
    expect(path).not.toContain('{');
  }
});

describe.each(constant)('the constant response of $method $path', ({ path }) => {
  const etagOf = async () => (await service.send(`GET ${path}`)).headers.get('etag') ?? '';
  const asking = async (header: string) => {
    const { status, headers, text } = await service.send(`GET ${path}`, { headers: { 'if-none-match': header } });
    return { status, text, etag: headers.get('etag'), caching: headers.get('cache-control') };
  };

  it('may be cached for 5 minutes, and has the same strong ETag at each request', async () => {
    const { status, headers } = await service.send(`GET ${path}`);
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
    expect(headers.get('etag')).toMatch(/^"[\w-]{43}"$/);
    expect(await etagOf()).toBe(headers.get('etag'));
  });

  it('is 304 without a body if the caller has the response already', async () => {
    const etag = await etagOf();
    const unchanged = { status: 304, text: '', etag, caching: 'public, max-age=300' };
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) expect(await asking(header)).toEqual(unchanged);
  });

  it('is complete if the caller has another response', async () => {
    for (const header of ['"other"', '', 'other', `x${await etagOf()}`]) {
      expect(await asking(header)).toMatchObject({ status: 200, text: expect.stringMatching(/^\{/) as string });
    }
  });

  it('is not cached if it is an error', async () => {
    const { status, headers } = await service.send(`GET ${path}?unknown=1`);
    expect([status, headers.get('cache-control'), headers.get('etag')]).toEqual([400, 'no-store', null]);
  });
});
