import { expect } from 'vitest';
import { accessibilityFaults } from './accessibility.ts';
import type { NpmStarted } from './npm-start.ts';
import { visitAs, type Person } from './people.ts';

/** How a screen may look: each language and theme, wide and narrow. */
const looks = [
  { locale: 'en-US', colorScheme: 'light', viewport: { width: 1_280, height: 900 } },
  { locale: 'ja-JP', colorScheme: 'dark', viewport: { width: 360, height: 700 } },
  { locale: 'en-US', colorScheme: 'dark', viewport: { width: 360, height: 700 } },
  { locale: 'ja-JP', colorScheme: 'light', viewport: { width: 1_280, height: 900 } },
] as const;

/**
 * Looks at a screen in both languages and both themes: axe finds nothing, and the page does not scroll sideways.
 *
 * @param show brings the screen up, whatever the language
 */
export async function expectAccessible(
  service: NpmStarted,
  person: Person,
  show: (person: Person, language: 'en' | 'ja') => Promise<void>,
): Promise<void> {
  for (const look of looks) {
    const opened = await visitAs(service, person, look);
    await show(opened, look.locale === 'ja-JP' ? 'ja' : 'en');
    const { page } = opened;
    expect(await accessibilityFaults(page), JSON.stringify(look)).toEqual([]);
    const [content = 0, width = 0] = await page.evaluate<number[]>(
      '[document.documentElement.scrollWidth, innerWidth]',
    );
    expect(content, JSON.stringify(look)).toBeLessThanOrEqual(width);
  }
}
