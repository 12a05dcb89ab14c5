import type { BrowserContext, ConsoleMessage, Page } from 'playwright-core';

/**
 * Collects what must not happen in a page: errors in the console, where Chromium also notes what violates the content
 * security policy, exceptions that nobody caught, crashes. A request of the API that is answered with 4xx is none, though
 * Chromium notes it, too: the answer is for the page to show.
 */
export class Problems {
  private readonly found: string[] = [];

  /** Watches all pages that a context is going to have. */
  constructor(context: BrowserContext) {
    context.on('page', (page) => {
      this.watch(page);
    });
  }

  /** Gives what was found since the last time, and forgets it: what a test expects is no failure. */
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
  new URL(message.location().url).pathname.startsWith('/v1/');
