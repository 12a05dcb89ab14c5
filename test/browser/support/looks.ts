import { expect } from 'vitest';
import { LONG } from '../../support/long.ts';
import { accessibilityFaults } from './accessibility.ts';
import type { NpmStarted } from './npm-start.ts';
import { visitAs, type Person } from './people.ts';

const languages = ['en', 'ja'] as const;
type Language = (typeof languages)[number];
/**
 * A function that opens a screen, or a part of a screen such as a dialog. `say` returns the text in the current
 * language.
 */
export type Screen = (person: Person, say: (texts: Readonly<Record<Language, string>>) => string) => Promise<void>;

/**
 * Options for tests that check several screens with axe, an accessibility checker. The time-out is 10 minutes, because
 * axe takes seconds for each screen on a busy machine.
 */
export const LOOKING = { timeout: 600_000 };

/**
 * A script that waits for finite animations, such as fading colours, but not for endless animations, such as loaders.
 */
export const ALL_FADED = `Promise.all(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
  .map(({ finished }) => finished.catch(() => undefined)))`;

const wide = { colorScheme: 'light', width: 1_280, height: 900 } as const;
const narrow = { colorScheme: 'dark', width: 360, height: 700 } as const;

type Look = typeof wide | typeof narrow;

/**
 * Returns the looks in which the screens of a test are checked in each language. With `LONG=full`, these are both looks
 * in both languages. Otherwise every other test is checked in English on a wide page, and the others in Japanese on a
 * narrow page, because a screen and its check take seconds. A fault usually depends on the language or on the look,
 * seldom on both, and the screens share most of their elements. A single screen is checked in both ways.
 */
function looksFor(test: string, screens: number): readonly (readonly [Language, readonly Look[]])[] {
  if (LONG) return languages.map((language) => [language, [wide, narrow]]);
  const ways = [['en', [wide]] as const, ['ja', [narrow]] as const];
  return screens === 1 ? ways : ways.filter((_, index) => index === test.length % 2);
}

/**
 * Expects that axe finds no faults and that no page scrolls sideways. Checks the screens of a test in English in the
 * light theme on a wide page, or in Japanese in the dark theme on a narrow page. With `LONG=full`, checks each screen
 * in both looks in both languages.
 */
export async function expectAccessible(service: NpmStarted, person: Person, screens: readonly Screen[]): Promise<void> {
  const { currentTestName: test = '' } = expect.getState();
  for (const [language, looks] of looksFor(test, screens.length)) {
    const opened = await visitAs(service, person, { locale: language });
    const { page } = opened;
    for (const [index, show] of screens.entries()) {
      await show(opened, (texts) => texts[language]);
      for (const { colorScheme, ...size } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        await page.locator(`[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
        await page.evaluate(ALL_FADED);
        const where = `screen ${index}, ${language}, ${colorScheme}`;
        expect(await accessibilityFaults(page), where).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth'), where).toBeLessThanOrEqual(size.width);
      }
    }
  }
}
