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

/** Describes what is seen in Chromium. Skipped where there is none, but for CI, where that is a failure. */
export const describeInBrowser = describe.skipIf(isMissing);

let browser: Promise<Browser> | undefined;
afterAll(async () => {
  await (await browser)?.close();
});

/** Gives the browser of the test file, which ends with it. */
export function openBrowser(): Promise<Browser> {
  return (browser ??= chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      // Tests run as root in containers, where Chromium has no sandbox.
      '--no-sandbox',
      '--disable-gpu',
      // Nothing goes out on its own account.
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  }));
}
