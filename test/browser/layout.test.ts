import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { signUp } from './support/people.ts';

const NARROW = { viewport: { width: 360, height: 700 } };

describeInBrowser('a narrow screen', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  it('has a menu that is out of reach while it is closed, and covers the page while it is open', async () => {
    const { page } = await signUp(service, NARROW);
    const burger = page.getByRole('button', { name: 'Menu' });
    const isOpen = async () => (await burger.getAttribute('aria-expanded')) === 'true';
    const link = (name: string) => page.getByRole('navigation').getByRole('link', { name, exact: true });
    await page.getByRole('button', { name: 'Edit: Customer information' }).waitFor();
    await burger.focus();
    expect(await tabs(page, 2)).toEqual(['Account of Alice Arai', 'Edit: Customer information']);

    await burger.click();
    expect(await tabs(page, 7)).toEqual([
      'Account of Alice Arai',
      ...['Customer', 'RPs', 'Administrators', 'Language', 'Theme'],
      // Around, by way of the browser itself.
      '',
    ]);
    await page.keyboard.press('Escape');
    await burger.and(page.locator(':focus')).waitFor();
    expect(await isOpen()).toBe(false);

    await burger.click();
    await link('Customer').click();
    await burger.and(page.locator(':focus')).waitFor();
    expect(await isOpen()).toBe(false);
    await burger.click();
    await link('RPs').click();
    await page.getByRole('heading', { level: 1, name: 'RPs' }).and(page.locator(':focus')).waitFor();
    expect(await isOpen()).toBe(false);
  });
});

/** What names what has the focus; nothing of the page as a whole. */
const FOCUSED = `(({ activeElement: element, body }) =>
  element === body ? '' : (element.getAttribute('aria-label') ?? element.textContent))(document)`;

/** Presses Tab as often: gives what has the focus each time. */
async function tabs(page: Page, times: number): Promise<string[]> {
  const focused: string[] = [];
  for (let time = 0; time < times; time += 1) {
    await page.keyboard.press('Tab');
    focused.push(await page.evaluate<string>(FOCUSED));
  }
  return focused;
}
