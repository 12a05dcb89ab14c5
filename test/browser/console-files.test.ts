import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService, type LocalService } from '../../local/service.ts';
import { consoleFolder } from '../support/console-folder.ts';
import { engineEndpoint } from '../support/engine.ts';
import { describeInBrowser } from './support/chromium.ts';
import { visit } from './support/visit.ts';

const silent = () => undefined;
/** A page with content that the content security policy must block, and with content that the policy must allow. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <title>Console</title>
    <link rel="icon" href="/icon.svg" />
    <script>window.inlineRan = true;</script>
    <script type="module" src="/assets/index-0a1b2c3d.js"></script>
    <style>h1 { color: rgb(1, 2, 3); }</style>
  </head>
  <body>
    <h1>Console</h1>
    <p style="color: rgb(1, 2, 3)">Text</p>
    <button onclick="window.handlerRan = true">Button</button>
  </body>
</html>`;

describeInBrowser('the console in a browser', () => {
  const folder = consoleFolder({
    'index.html': PAGE,
    'assets/index-0a1b2c3d.js': 'document.title = "It runs";',
  });
  let service: LocalService;
  beforeAll(async () => {
    service = await startService({
      endpoint: await engineEndpoint(),
      tableName: `test-${randomUUID()}`,
      log: { info: silent, warn: silent, error: silent },
      consoleFolder: folder,
    });
  });
  afterAll(() => service.stop());

  it('runs scripts from files, but no inline scripts or inline event handlers', async () => {
    const { page, problems } = await visit({ url: service.url });
    await page.goto('/');
    await page.getByRole('button').click();

    expect(await page.title()).toBe('It runs');
    expect(await page.evaluate('[window.inlineRan, window.handlerRan]')).toEqual([undefined, undefined]);
    const colors = "['h1', 'p'].map((name) => getComputedStyle(document.querySelector(name)).color)";
    expect(await page.evaluate(colors)).toEqual(['rgb(1, 2, 3)', 'rgb(0, 0, 0)']);
    expect(problems.take()).toEqual([
      expect.stringMatching(/^Console: Executing inline script violates/),
      expect.stringMatching(/^Console: Applying inline style violates .* 'style-src-attr 'none''/),
      expect.stringMatching(/^Console: Executing inline event handler violates/),
    ]);
  });

  it('cannot send requests to another origin', async () => {
    const { page, problems } = await visit({ url: service.url });
    await page.goto('/');
    problems.take();
    // The URL with 127.0.0.1 leads to the same service, but has another origin.
    const elsewhere = service.url.replace('localhost', '127.0.0.1');

    expect(await page.evaluate(`fetch('${elsewhere}/v1/health').catch(() => 'refused')`)).toBe('refused');
    expect(problems.take()).toContainEqual(
      expect.stringMatching(/^Console: Connecting to 'http:\/\/127\.0\.0\.1.* violates .*connect-src 'self'/),
    );
  });

  it('loads the HTML page on each visit, but takes files with a hash in their names from the cache', async () => {
    const { page, problems } = await visit({ url: service.url });
    const loaded = async (path: string) => {
      await page.goto(path);
      problems.take();
      return page.evaluate(`Object.fromEntries(
        [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
          .filter(({ initiatorType }) => ['navigation', 'script'].includes(initiatorType))
          .map(({ initiatorType, transferSize }) => [initiatorType, transferSize > 0]))`);
    };

    expect(await loaded('/')).toEqual({ navigation: true, script: true });
    expect(await loaded('/rps')).toEqual({ navigation: true, script: false });
  });

  it('gets the HTML file for the path of any page, and a 404 response for a missing file', async () => {
    const { page, problems } = await visit({ url: service.url });
    await page.goto('/rps/rp_0a1b?months=6#top');
    problems.take();

    expect(await page.title()).toBe('It runs');
    expect(page.url()).toBe(`${service.url}/rps/rp_0a1b?months=6#top`);
    expect(await page.evaluate("fetch('/assets/missing.js').then(({ status }) => status)")).toBe(404);
    expect(problems.take()).toEqual([expect.stringContaining('/assets/missing.js')]);
  });

  it('keeps the session token in a cookie that the API accepts and no script can read', async () => {
    const { page, context, problems } = await visit({ url: service.url });
    await page.goto('/');
    problems.take();
    const post = (path: string, body: object) =>
      page.evaluate(`fetch('${path}', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: ${JSON.stringify(JSON.stringify(body))},
      }).then(({ status }) => status)`);
    const view = "fetch('/v1/customer').then(({ status }) => status)";

    expect(await page.evaluate(view)).toBe(401);
    await post('/v1/customers', {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email: 'alice@example.com' },
    });
    const [mail] = (await (await fetch(`${service.url}/_local/mail`)).json()) as { text: string }[];
    const [, token] = /#token=(\S+)/.exec(mail?.text ?? '') ?? [];
    expect(await post('/v1/sessions', { token })).toBe(201);
    expect(await page.evaluate(view)).toBe(200);
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await context.cookies()).toMatchObject([
      { name: 'fido2-session', path: '/', httpOnly: true, secure: false, sameSite: 'Strict' },
    ]);
  });
});
