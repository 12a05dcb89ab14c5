import { mkdirSync } from 'node:fs';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { Authenticator } from './authenticator.ts';
import { openBrowser } from './chromium.ts';
import { Problems } from './problems.ts';

export interface VisitOptions extends Pick<BrowserContextOptions, 'locale' | 'colorScheme' | 'viewport'> {
  /** The service: `page.goto('/rps')` is relative to it. */
  readonly url: string;
}
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Keeps the passkeys of the page. */
  readonly authenticator: Authenticator;
  readonly problems: Problems;
}

/** Where a test that fails leaves what was to be seen; git ignores it. */
const SCREENSHOTS = 'coverage/browser';

/**
 * Opens an empty page with nothing remembered, until the test ends: by default in English, light, of a desk. The test fails
 * for problems that it did not take.
 */
export async function visit({ url, ...options }: VisitOptions): Promise<Visit> {
  const browser = await openBrowser();
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-US',
    colorScheme: 'light',
    viewport: { width: 1_280, height: 900 },
    timezoneId: 'UTC',
    // Nothing moves: what is looked at is where it will be.
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  // A busy machine is slow, not wrong.
  context.setDefaultTimeout(30_000);
  const problems = new Problems(context);
  const page = await context.newPage();
  const authenticator = await Authenticator.of(page);

  onTestFinished(async ({ task }) => {
    const left = problems.take();
    if (task.result?.state === 'fail' || left.length > 0) await keepScreenshot(page, task);
    await context.close();
    if (left.length > 0) throw new Error(`In the browser:\n${left.join('\n')}`);
  });
  return { page, context, authenticator, problems };
}

/** Keeps what was to be seen. A page that hangs or is gone has nothing to show, and what the test found matters more. */
async function keepScreenshot(page: Page, { name, id }: { name: string; id: string }): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const path = `${SCREENSHOTS}/${name.replaceAll(/\W+/g, '-').slice(0, 80)}-${id}.png`;
  await page.screenshot({ path, fullPage: true, timeout: 10_000 }).then(
    () => process.stderr.write(`${page.url()} looked like ${path}\n`),
    () => undefined,
  );
}
