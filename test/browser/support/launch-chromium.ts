import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** The path of Chromium. The default is the path at which Debian's package `chromium` installs Chromium. */
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** An instruction to install Chromium. Undefined if Chromium is installed. */
export const missingChromium = existsSync(EXECUTABLE)
  ? undefined
  : `There is no Chromium at ${EXECUTABLE}. Install it (apt-get install chromium), or set CHROMIUM to its path.`;

/** Starts Chromium without a window. The caller closes it. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
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
  });
