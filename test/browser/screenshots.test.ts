import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it, onTestFinished } from 'vitest';
import { freePort } from '../../local/aws/engine.ts';
import { openBrowser } from './support/chromium.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { visitByOperator } from './support/operators.ts';
import { ELSEWHERE, visitBy } from './support/people.ts';
import { visit, type VisitOptions } from './support/visit.ts';

/**
 * The folder for the pictures. The command `npm run screenshots` sets the environment variable SCREENSHOTS, and takes
 * the pictures of the Customer screen, of the operators' pages and of the sample shop for the documentation.
 */
const FOLDER = process.env['SCREENSHOTS'];

interface Picture extends Omit<VisitOptions, 'url'> {
  readonly file: string;
  readonly email: string;
  readonly path?: string;
}
const pictures: readonly Picture[] = [
  { file: 'free', email: 'dara@tidepool.example' },
  { file: 'paid-over-maximum', email: 'alice@harbor.example', path: '/?months=12' },
  { file: 'empty', email: 'emi@blankcanvas.example' },
  { file: 'narrow', email: 'chika@lantern.example', viewport: { width: 360, height: 800 } },
  { file: 'dark', email: 'bruno@meridian.example', path: '/?months=6', colorScheme: 'dark' },
  { file: 'japanese', email: 'femi@oldmill.example', path: '/?months=6', locale: 'ja-JP' },
];

/** Waits until the height of the page stays the same for half a second. */
async function untilStill(page: Page): Promise<void> {
  const height = () => page.evaluate<number>('document.documentElement.scrollHeight');
  for (let last = 0, now = await height(); now !== last; [last, now] = [now, await height()]) await sleep(500);
}

describe.skipIf(FOLDER === undefined)('the Customer screen', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    await openBrowser();
    service = await npmStart({ demo: true });
  });
  afterAll(() => service.stop());

  it.each(pictures)('is saved as the picture $file', async ({ file, email, path = '/', ...options }) => {
    const folder = FOLDER ?? '';
    await mkdir(folder, { recursive: true });
    await service.requestDemoLink(email);
    const { page } = await visitBy(service, email, options);
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    await untilStill(page);
    // Chromium enlarges the window for a picture of the full page. The menu moves when the window changes, so without
    // `animations: 'disabled'`, the picture can show the menu on top of the page.
    await page.screenshot({ path: join(folder, `${file}.png`), fullPage: true, animations: 'disabled' });
  });
});

describe.skipIf(FOLDER === undefined)('the operators’ pages', () => {
  it('are saved as the picture operator', async () => {
    const folder = FOLDER ?? '';
    await mkdir(folder, { recursive: true });
    await openBrowser();
    const service = await npmStart({ demo: true });
    onTestFinished(() => service.stop());
    const { page } = await visitByOperator(service, ELSEWHERE);
    await service.fire('customer-summary');
    await page.goto('/operator');
    await page.getByRole('heading', { name: 'By plan' }).waitFor();
    await page.screenshot({ path: join(folder, 'operator.png'), fullPage: true, animations: 'disabled' });
  });
});

describe.skipIf(FOLDER === undefined)('the sample shop', () => {
  it('is saved as the picture shop', async () => {
    const folder = FOLDER ?? '';
    await mkdir(folder, { recursive: true });
    await openBrowser();
    const shopPort = await freePort();
    const service = await npmStart({ demo: true, shopPort });
    onTestFinished(() => service.stop());
    const { page } = await visit({ url: `http://localhost:${shopPort}`, viewport: { width: 1_000, height: 800 } });
    await page.goto('/');
    await page.getByLabel('Your name').fill('Alice Arai');
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByRole('heading', { name: 'Hello, Alice Arai' }).waitFor();
    await page.screenshot({ path: join(folder, 'shop.png'), fullPage: true });
  });
});
