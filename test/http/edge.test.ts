import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import { callerAddressOf, EDGE_SECRET, VIEWER_ADDRESS } from '../../functions/http/edge.ts';
import { httpEvent } from '../../local/aws/http-event.ts';
import { startTestService, type TestService } from '../support/service.ts';

const SECRET = 'new'.repeat(14);
const OLD_SECRET = 'old'.repeat(14);
const secrets = [SECRET, OLD_SECRET];
const throughCloudFront = { headers: { [EDGE_SECRET]: SECRET } };

describe('a stage that serves anonymous requests only through CloudFront', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ edge: { secrets, required: 'anonymous' } });
  });
  afterAll(() => service.stop());

  const anonymous = routes.filter(({ caller, path }) => caller === 'anyone' && path !== '$default');
  it.each([...anonymous.map(({ method, path }) => `${method} ${path}`), 'GET /nowhere'])(
    'refuses %s at the URL of the API, before it reads the request',
    async (route) => {
      const { status, body } = await service.send(route, route.startsWith('POST') ? { raw: '{' } : {});
      expect({ status, body }).toMatchObject({ status: 403, body: { type: '/problems/forbidden' } });
    },
  );

  it('refuses getNonce in the FSS format, which needs no credential, at the URL of the API', async () => {
    const call = (headers = {}) => service.send('POST /api/getNonce', { body: {}, headers });

    expect((await call()).body).toMatchObject({ appStatus: 'UNAUTHORIZED' });
    expect((await call()).text).toContain('This URL serves only requests with an API key or a session.');
    expect((await call({ [EDGE_SECRET]: 'wrong' })).body).toMatchObject({ appStatus: 'UNAUTHORIZED' });
    expect((await call(throughCloudFront.headers)).body).toMatchObject({ appStatus: 'OK' });
  });

  it('checks the credential of every other call in the FSS format at the URL of the API', async () => {
    const { text } = await service.send('POST /api/getUser', { body: {} });
    expect(text).toContain('UNAUTHORIZED');
    expect(text).not.toContain('This URL');
  });

  it.each([SECRET, OLD_SECRET])('accepts the secret %s while the secret is being replaced', async (secret) => {
    expect(await service.send('GET /v1/health', { headers: { [EDGE_SECRET]: secret } })).toMatchObject({ status: 200 });
  });

  it.each(['', 'x', SECRET.slice(1), `${SECRET}x`, SECRET.toUpperCase(), `${SECRET},${OLD_SECRET}`, 'é'.repeat(21)])(
    'refuses the wrong secret "%s"',
    async (secret) => {
      const headers = { [EDGE_SECRET]: secret };
      expect(await service.send('GET /v1/health', { headers })).toMatchObject({ status: 403 });
    },
  );

  it('serves sessions and API keys at the URL of the API', async () => {
    const email = service.newEmail();
    const customer = { customer: { name: 'Example' }, representative: { name: 'Alice Arai', email } };
    expect(await service.send('POST /v1/customers', { body: customer, ...throughCloudFront })).toMatchObject({
      status: 202,
    });
    const opened = await service.send('POST /v1/sessions', {
      body: { token: await service.linkTo(email) },
      ...throughCloudFront,
    });
    const { sessionToken } = opened.body as { sessionToken: string };
    const rp = await service.newRp(sessionToken);
    const { apiKey } = await service.newApiKey(sessionToken, rp.id);
    expect(await service.send('GET /v1/rp/users', { as: apiKey })).toMatchObject({ status: 200 });
  });
});

describe('a stage that serves all requests only through CloudFront', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ edge: { secrets, required: 'all' } });
  });
  afterAll(() => service.stop());

  const others = routes.filter(({ caller }) => caller !== 'fss').map(({ method, path }) => `${method} ${path}`);
  it.each(others.filter((route) => !route.includes('$default')))(
    'refuses %s at the URL of the API, before it reads the credential',
    async (route) => {
      const { status, body } = await service.send(route, { as: 'a wrong credential' });
      expect({ status, body }).toMatchObject({
        status: 403,
        body: { type: '/problems/forbidden', detail: 'This URL serves no requests. Use the URL of the console.' },
      });
    },
  );

  it('refuses a call in the FSS format at the URL of the API, and serves it through CloudFront', async () => {
    const call = 'POST /api/getNonce';
    expect((await service.send(call, { body: {} })).text).toContain('Use the URL of the console.');
    expect((await service.send(call, { body: {}, ...throughCloudFront })).text).not.toContain('Use the URL');
  });

  it('serves a session through CloudFront', async () => {
    const through = (as?: string) => ({ ...throughCloudFront, ...(as !== undefined && { as }) });
    expect((await service.send('GET /v1/health', through())).status).toBe(200);
    expect((await service.send('GET /v1/customer', through('ses_unknown'))).status).toBe(401);
  });
});

describe('the address of a caller', () => {
  const addressOf = (headers: Record<string, string>, accepted = secrets) => {
    const event = httpEvent('GET /v1/health', { now: 0 });
    event.requestContext.http.sourceIp = '198.51.100.1';
    return callerAddressOf(
      { ...event, headers: { ...event.headers, ...headers } },
      {
        secrets: accepted,
        required: 'none',
      },
    );
  };

  it.each(['203.0.113.7', '2001:db8::7'])('is the address %s that CloudFront names', (viewer) => {
    expect(addressOf({ [EDGE_SECRET]: SECRET, [VIEWER_ADDRESS]: viewer })).toBe(viewer);
    expect(addressOf({ [EDGE_SECRET]: OLD_SECRET, [VIEWER_ADDRESS]: viewer })).toBe(viewer);
  });

  it('is the address that API Gateway sees if the request did not come through CloudFront', () => {
    expect(addressOf({})).toBe('198.51.100.1');
    expect(addressOf({ [VIEWER_ADDRESS]: '203.0.113.7' })).toBe('198.51.100.1');
    expect(addressOf({ [EDGE_SECRET]: 'guessed', [VIEWER_ADDRESS]: '203.0.113.7' })).toBe('198.51.100.1');
    expect(addressOf({ [EDGE_SECRET]: '', [VIEWER_ADDRESS]: '203.0.113.7' }, [])).toBe('198.51.100.1');
  });

  it.each(['', 'unknown', '203.0.113.7:443', '203.0.113.7, 192.0.2.1'])(
    'is the address that API Gateway sees if the header contains "%s", which is not an address',
    (viewer) => {
      expect(addressOf({ [EDGE_SECRET]: SECRET, [VIEWER_ADDRESS]: viewer })).toBe('198.51.100.1');
    },
  );
});
