import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, describe } from 'vitest';

/** Debian's Chromium: the package `chromium`. */
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isMissing = !existsSync(EXECUTABLE);
if (isMissing) {
  const message = `There is no Chromium at ${EXECUTABLE}. Install it (apt-get install chromium), or set CHROMIUM to where it is.`;
  if (process.env['CI'] === 'true') throw new Error(message);
  process.stderr.write(`${message} The browser tests are skipped.\n`);
}

/** Describes tests that need Chromium. They are skipped if it is not installed, but fail in CI. */
export const describeInBrowser = describe.skipIf(isMissing);

let browser: Promise<Browser> | undefined;
afterAll(async () => {
  await (await browser)?.close();
});

/** Returns the browser of the test file, which closes after the file's tests. */
export function openBrowser(): Promise<Browser> {
  return (browser ??= chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      // Chromium cannot use its sandbox when tests run as root in containers.
      '--no-sandbox',
      '--disable-gpu',
      // Chromium must send no requests of its own.
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  }));
}
