import { randomUUID } from 'node:crypto';
import { request as sendRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleCaching, consoleHeaders } from '../../config/console-files.ts';
import { startService, type LocalService } from '../../local/service.ts';
import { consoleFolder } from '../support/console-folder.ts';
import { engineEndpoint } from '../support/engine.ts';

const silent = () => undefined;
const start = async (folder: string) =>
  startService({
    endpoint: await engineEndpoint(),
    tableName: `test-${randomUUID()}`,
    log: { info: silent, warn: silent, error: silent },
    consoleFolder: folder,
  });

describe('the local service', () => {
  const folder = consoleFolder({
    'reference.html': '<title>Reference</title>',
    'problems.html': '<title>Problems</title>',
    'problems/validation.html': '<title>Validation</title>',
  });
  let service: LocalService;
  const get = (path: string, init?: RequestInit) => fetch(`${service.url}${path}`, { redirect: 'manual', ...init });

  beforeAll(async () => {
    service = await start(folder);
  });
  afterAll(() => service.stop());

  it.each(['/', '/index.html', '/assets/index-0a1b2c3d.js', '/icon.svg', '/rps/rp_0a1b', '/missing.png'])(
    'sends the headers of CloudFront, except HSTS, at the path %s',
    async (path) => {
      const { 'strict-transport-security': _hsts, ...expected } = consoleHeaders;
      const { headers } = await get(path);

      expect(Object.fromEntries(headers)).toMatchObject(expected);
      expect(headers.has('strict-transport-security')).toBe(false);
    },
  );

  it.each(['/', '/rps', '/rps/rp_0a1b', '/sign-in', '/confirm-email', '/v1', '/no/such/page', '/rps?months=6'])(
    'serves the page of the console at %s with the same caching header as a deployed stage',
    async (path) => {
      const response = await get(path);

      expect(response.status).toBe(200);
      expect(await response.text()).toContain('<title>Console</title>');
      expect(response.headers.get('content-type')).toMatch(/^text\/html; ?charset=utf-8$/);
      expect(response.headers.get('cache-control')).toBe(consoleCaching.others);
    },
  );

  it.each([
    ['/reference', 'Reference'],
    ['/problems', 'Problems'],
    ['/problems/validation', 'Validation'],
  ])('serves the document for developers at %s', async (path, title) => {
    const response = await get(path);

    expect(response.status).toBe(200);
    expect(await response.text()).toBe(`<title>${title}</title>`);
    expect(response.headers.get('cache-control')).toBe(consoleCaching.others);
    expect((await get('/problems/unknown')).status).toBe(404);
  });

  it.each(['bytes=5-2', 'bytes=0-9', 'x'])('ignores the Range header %s and sends the whole page', async (range) => {
    const response = await get('/', { headers: { range } });

    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<title>Console</title>');
  });

  it.each(['/.vite/manifest.json', '/%2evite/manifest.json', '/assets/.hidden.js'])(
    'does not serve %s, because a name in this path begins with a dot',
    async (path) => {
      mkdirSync(join(folder, '.vite'), { recursive: true });
      writeFileSync(join(folder, '.vite/manifest.json'), '{}');
      writeFileSync(join(folder, 'assets/.hidden.js'), '');

      expect((await get(path)).status).toBe(404);
    },
  );

  it('lets browsers cache the assets of the console for a year', async () => {
    const { status, headers } = await get('/assets/index-0a1b2c3d.js');

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/javascript');
    expect(headers.get('cache-control')).toBe(consoleCaching.assets);
  });

  it('does not send a file that the browser has in its cache', async () => {
    const etag = (await get('/')).headers.get('etag') ?? '';
    const again = await get('/', { headers: { 'if-none-match': etag } });

    expect(etag).not.toBe('');
    expect(again.status).toBe(304);
  });

  it.each(['/missing.js', '/assets/missing.js', '/favicon.ico', '/%zz.js', '/%00.js'])(
    'responds to %s with the status 404 and no page',
    async (path) => {
      const response = await get(path);

      expect(response.status).toBe(404);
      expect(await response.text()).toBe('');
    },
  );

  it.each(['/../package.json', '/..%2fpackage.json', '/assets/../../package.json', '//package.json'])(
    'does not let the path %s reach a file outside the folder of the console',
    async (path) => {
      writeFileSync(join(folder, '../package.json'), '{"from":"outside"}');
      const { hostname, port } = new URL(service.url);
      // The test does not use `fetch`, because `fetch` resolves the dots of a path before it sends the request.
      const body = await new Promise<string>((resolve, reject) => {
        sendRequest({ hostname, port, path }, (response) => void text(response).then(resolve, reject))
          .on('error', reject)
          .end();
      });

      expect(body).not.toContain('outside');
    },
  );

  it('does not serve the console at API paths or in response to POST requests', async () => {
    const health = await get('/v1/health');
    const missing = await get('/v1/nothing');
    const written = await get('/rps', { method: 'POST' });

    expect(await health.json()).toEqual({ status: 'ok' });
    expect(health.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    for (const answer of [missing, written]) {
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  it('does not serve the console at paths under /_local/', async () => {
    const page = await (await get('/_local/')).text();

    expect(page).toContain('Outbox');
    expect(page).toContain(`<a href="${service.url}/">Open the console</a>`);
    expect((await get('/_local/mail')).headers.get('content-type')).toBe('application/json');
    expect((await get('/_local/nothing')).status).toBe(404);
  });

  it('serves files of the console that are built while the service runs', async () => {
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'assets/chart-4e5f6a7b.js'), '');

    expect((await get('/assets/chart-4e5f6a7b.js')).status).toBe(200);
  });
});

it('the local service says how to build the console if the folder of the console is missing', async () => {
  const service = await start('/nowhere');
  const page = await fetch(`${service.url}/sign-in`);
  const file = await fetch(`${service.url}/assets/index.js`);
  await service.stop();

  expect([page.status, await page.text()]).toEqual([404, 'Build the console first: npm run build\n']);
  expect([file.status, await file.text()]).toEqual([404, '']);
});
