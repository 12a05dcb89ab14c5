import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';

/** Clicks a download button, and returns the name and the text of the file. */
export async function download(page: Page, button: Locator): Promise<{ readonly name: string; readonly text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

/** Reads a route of the API as CSV, with the session of the page, and returns the text. */
export async function readCsv(page: Page, path: string): Promise<string> {
  const response = await page.context().request.get(path, { headers: { accept: 'text/csv' } });
  return response.text();
}
