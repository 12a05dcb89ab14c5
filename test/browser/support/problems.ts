import type { BrowserContext, ConsoleMessage, Page } from 'playwright-core';

/**
 * Collects problems that no page may have: crashes, uncaught exceptions and console errors. Chromium logs a console
 * error for each violation of the content security policy and for each 4xx response of an API. The class ignores the
 * 4xx responses, because the page handles them.
 */
export class Problems {
  private readonly found: string[] = [];

  /** Watches all future pages of a context. */
  constructor(context: BrowserContext) {
    context.on('page', (page) => {
      this.watch(page);
    });
  }

  /**
   * Returns and clears the problems since the last call. A problem that `take` has returned does not make the test
   * fail.
   */
  take(): string[] {
    return this.found.splice(0);
  }

  private watch(page: Page): void {
    page.on('console', (message) => {
      if (message.type() !== 'error' || isRefusal(message)) return;
      this.found.push(`Console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.found.push(`Exception: ${error.stack ?? error.message}`));
    page.on('crash', () => this.found.push(`Crash at ${page.url()}`));
  }
}

const isRefusal = (message: ConsoleMessage) =>
  /responded with a status of 4\d\d/.test(message.text()) &&
  /^\/(v1|api)\//.test(new URL(message.location().url).pathname);
