import type { Locator, Page } from 'playwright-core';

/** Waits until a text field has the focus and shows the error message `says`. */
export async function expectWrong(field: Locator, says: string): Promise<void> {
  const page = field.page();
  await field
    .and(page.locator('[aria-invalid=true]:focus'))
    .and(page.getByRole('textbox', { description: says }))
    .waitFor();
}

/**
 * Waits until the title of a block has the focus. The console moves the focus to the title when the focused element
 * disappears.
 */
export async function expectFocusOn(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { level: 2, name: title }).and(page.locator(':focus')).waitFor();
}
