import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService, type LocalService } from '../../local/service.ts';
import { consoleFolder } from '../support/console-folder.ts';
import { engineEndpoint } from '../support/engine.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { describeInBrowser } from './support/chromium.ts';
import { visit, type Visit } from './support/visit.ts';

const silent = () => undefined;
const GOOD = `<!doctype html><html lang="en"><head><title>Console</title><link rel="icon" href="/icon.svg" /></head>
<body><main><h1>Console</h1></main></body></html>`;

/** A script that registers a passkey, and returns the passkey's ID. */
const REGISTER = `navigator.credentials.create({ publicKey: {
  challenge: new Uint8Array(16),
  rp: { name: 'Console' },
  user: { id: new Uint8Array(4), name: 'alice@example.com', displayName: 'Alice Arai' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
  authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
} }).then(({ id }) => id)`;
/**
 * Returns a script that asks for a passkey, and gives up after `patience` milliseconds. The script returns the ID of
 * the passkey, or the name of the error.
 */
const ask = (mediation: 'optional' | 'conditional', patience = 30_000) => `navigator.credentials.get({
  mediation: '${mediation}',
  signal: AbortSignal.timeout(${patience}),
  publicKey: { challenge: new Uint8Array(16), userVerification: 'required' },
}).then(({ id }) => id, ({ name }) => name)`;

describeInBrowser('the support code of the browser tests', () => {
  const folder = consoleFolder({ 'index.html': GOOD });
  let service: LocalService;
  const open = async (options: Partial<Parameters<typeof visit>[0]> = {}): Promise<Visit> => {
    const opened = await visit({ url: service.url, ...options });
    await opened.page.goto('/');
    return opened;
  };
  beforeAll(async () => {
    service = await startService({
      endpoint: await engineEndpoint(),
      tableName: `test-${randomUUID()}`,
      log: { info: silent, warn: silent, error: silent },
      consoleFolder: folder,
    });
  });
  afterAll(() => service.stop());

  it('can copy passkeys to another page, and remove passkeys from a page', async () => {
    const [first, second] = [await open(), await open()];
    const id = await first.page.evaluate(REGISTER);
    await first.authenticator.copyTo(second.authenticator);

    expect(await second.page.evaluate(ask('optional'))).toBe(id);
    for (const credential of await second.authenticator.credentials()) await second.authenticator.remove(credential);
    expect(await second.page.evaluate(ask('optional'))).toBe('NotAllowedError');
    expect(await first.authenticator.credentials()).toMatchObject([{ rpId: 'localhost', isResidentCredential: true }]);
    await first.authenticator.removeAll();
    expect(await first.authenticator.credentials()).toEqual([]);
  });

  it('can simulate users whom the authenticator cannot verify', async () => {
    const { page, authenticator } = await open();
    await authenticator.verifiesUser(false);

    expect(await page.evaluate(`${REGISTER}.catch(({ name }) => name)`)).toBe('NotAllowedError');
  });

  it('can simulate users who accept autofill offers immediately, and users who do not', async () => {
    const { page, authenticator } = await open();
    const id = await page.evaluate(REGISTER);

    expect(await page.evaluate(ask('conditional'))).toBe(id);
    await authenticator.agrees(false);
    expect(await page.evaluate(ask('conditional', 1_000))).toBe('TimeoutError');
  });

  it('opens pages with a given language, colour scheme and width', async () => {
    const { page } = await open({ locale: 'ja-JP', colorScheme: 'dark', viewport: { width: 360, height: 700 } });

    expect(
      await page.evaluate('[navigator.language, matchMedia("(prefers-color-scheme: dark)").matches, innerWidth]'),
    ).toEqual(['ja-JP', true, 360]);
  });

  it('finds console errors and exceptions, but ignores requests that the API refuses', async () => {
    const { page, problems } = await open();
    await page.evaluate("fetch('/v1/customer').then(({ status }) => status)");
    expect(problems.take()).toEqual([]);

    await page.evaluate("console.error('An error'); setTimeout(() => { throw new Error('An exception'); })");
    const found: string[] = [];
    await expect
      .poll(() => found.push(...problems.take()) && found, { timeout: 30_000 })
      .toEqual([expect.stringMatching(/^Console: An error/), expect.stringMatching(/^Exception: Error: An exception/)]);
  });

  it('finds and names accessibility faults', async () => {
    const { page } = await open();
    expect(await accessibilityFaults(page)).toEqual([]);

    await page.evaluate("document.querySelector('main').append(document.createElement('button'))");
    expect(await accessibilityFaults(page)).toEqual([expect.stringMatching(/^button-name \(critical\): .*: button: /)]);
  });
});
