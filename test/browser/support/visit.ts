import { mkdirSync } from 'node:fs';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { Authenticator, type AuthenticatorOptions } from './authenticator.ts';
import { openBrowser } from './chromium.ts';
import { Problems } from './problems.ts';

export interface VisitOptions extends Pick<BrowserContextOptions, 'locale' | 'colorScheme' | 'viewport'> {
  /** The URL of the service. Paths such as `/rps` in `page.goto('/rps')` are relative to this URL. */
  readonly url: string;
  /** How the virtual authenticator of the page differs from a platform authenticator that verifies its user. */
  readonly authenticator?: AuthenticatorOptions;
}
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The virtual authenticator, which stores the passkeys of the page. */
  readonly authenticator: Authenticator;
  readonly problems: Problems;
}

/** The folder for the screenshots of failed tests. Git ignores it. */
const SCREENSHOTS = 'coverage/browser';

/**
 * Opens an empty page in a new context, which closes when the test ends. By default, the page is in English, in the
 * light theme, and as wide as a desktop screen. The test fails if the page has problems that `problems.take()` did not
 * return to the test.
 */
export async function visit({ url, authenticator: kind, ...options }: VisitOptions): Promise<Visit> {
  const browser = await openBrowser();
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-US',
    colorScheme: 'light',
    viewport: { width: 1_280, height: 900 },
    timezoneId: 'UTC',
    // Without animations, elements have their final positions immediately.
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  // The time-out is long because a busy machine is slow.
  context.setDefaultTimeout(30_000);
  const problems = new Problems(context);
  const page = await context.newPage();
  const authenticator = await Authenticator.of(page, kind);

  onTestFinished(async ({ task }) => {
    const left = problems.take();
    if (task.result?.state === 'fail' || left.length > 0) await keepScreenshot(page, task);
    await context.close();
    if (left.length > 0) throw new Error(`In the browser:\n${left.join('\n')}`);
  });
  return { page, context, authenticator, problems };
}

/**
 * Saves a screenshot. Ignores errors while taking the screenshot, because the page may hang or be closed, and the error
 * of the test matters more.
 */
async function keepScreenshot(page: Page, { name, id }: { name: string; id: string }): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const path = `${SCREENSHOTS}/${name.replaceAll(/\W+/g, '-').slice(0, 80)}-${id}.png`;
  await page.screenshot({ path, fullPage: true, timeout: 10_000 }).then(
    () => process.stderr.write(`${page.url()} looked like ${path}\n`),
    () => undefined,
  );
}
