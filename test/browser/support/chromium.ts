import type { Browser } from 'playwright-core';
import { afterAll, describe } from 'vitest';
import { launchChromium, missingChromium } from './launch-chromium.ts';

if (missingChromium !== undefined) {
  if (process.env['CI'] === 'true') throw new Error(missingChromium);
  process.stderr.write(`${missingChromium} The browser tests are skipped.\n`);
}

/**
 * Describes tests that need Chromium. If Chromium is not installed, the tests are skipped, except in CI, where the
 * tests fail.
 */
export const describeInBrowser = describe.skipIf(missingChromium !== undefined);

let browser: Promise<Browser> | undefined;
afterAll(async () => {
  await (await browser)?.close();
});

/** Returns the browser that all tests of a file share. The browser closes after the last test of the file. */
export function openBrowser(): Promise<Browser> {
  return (browser ??= launchChromium());
}
