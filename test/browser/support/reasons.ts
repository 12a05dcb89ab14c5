import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/**
 * Waits until the page shows exactly one reason for a disabled button, and the reason contains `text`. The reason of
 * the button that had the focus before may be fading out meanwhile, so for a moment the page shows two reasons.
 */
export async function waitForReason(page: Page, text: string): Promise<void> {
  await expect
    .poll(() => page.getByRole('tooltip').allInnerTexts(), { timeout: 10_000 })
    .toEqual([expect.stringContaining(text)]);
}
