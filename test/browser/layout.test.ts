import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { held } from './support/held.ts';
import { mauTable } from './support/mau.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, signUp } from './support/people.ts';
import { newRp, userIds } from './support/rps.ts';

const NARROW = { viewport: { width: 360, height: 700 } };

describeInBrowser('the console', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  it('on narrow screens keeps the keyboard focus out of a closed menu and out of the page behind an open menu', async () => {
    const { page } = await signUp(service, NARROW);
    const burger = page.getByRole('button', { name: 'Menu' });
    const isOpen = async () => (await burger.getAttribute('aria-expanded')) === 'true';
    const link = (name: string) => page.getByRole('navigation').getByRole('link', { name, exact: true });
    await page.getByRole('button', { name: 'Edit: Customer information' }).waitFor();
    await burger.focus();
    const firstStep = page.getByRole('link', { name: /^Register an RP:/ });
    await firstStep.waitFor();
    expect(await tabs(page, 2)).toEqual(['Account of Alice Arai', await firstStep.innerText()]);

    await burger.click();
    expect(await tabs(page, 8)).toEqual([
      'Account of Alice Arai',
      ...['Customer', 'RPs', 'Administrators', 'Activity', 'Language', 'Theme'],
      // After the last item of the menu, the focus moves to the browser's own controls.
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

  it('shows that it loads until its code has arrived', async () => {
    const { page } = await signUp(service);
    const code = await held(page, '**/*.js');
    await page.reload({ waitUntil: 'commit' });
    await page.getByRole('status').getByText('Loading … / 読み込み中…').waitFor();
    code.release();
    await page.getByRole('heading', { level: 1, name: 'Customer' }).waitFor();
    expect(await page.getByText('Loading … / 読み込み中…').count()).toBe(0);
  });

  it('wraps long names and leaves room for the numbers next to the names', async () => {
    const person = await signUp(service);
    const { page } = person;
    const rp = await newRp(service, person, `${`${'a'.repeat(60)}.`.repeat(3)}example.com`, 'N'.repeat(200));
    await rp.authenticate(userIds(1));
    for (const width of [1_280, 360]) {
      await page.setViewportSize({ width, height: 900 });
      const expectFits = async () => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      };
      await page.goto('/');
      const firstColumn = await mauTable(page).getByRole('columnheader', { name: 'RP' }).boundingBox();
      const frame = await page.getByRole('group', { name: 'MAU by RP and month' }).boundingBox();
      expect(firstColumn?.width).toBeLessThan(0.6 * (frame?.width ?? 0));
      await expectFits();
      await page.goto(`/rps/${rp.id}/settings`);
      await page.getByRole('button', { name: 'Remove the RP' }).click();
      await expectFits();
      // The click fails unless the button is visible.
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  it('does not hide a focused button behind the first column of a table', async () => {
    const person = await signUp(service, NARROW);
    const { page } = person;
    const invited = { name: 'Bob Baba', email: newEmail(), privilege: 'administrator' };
    expect((await person.call('POST /v1/administrators', invited)).status).toBe(201);
    await page.goto('/administrators');
    const button = page.getByRole('button', { name: 'Send again: Bob Baba' });
    await button.focus();
    const box = await button.boundingBox();
    const shown = `document.elementFromPoint(${(box?.x ?? 0) + 2}, ${(box?.y ?? 0) + 15}).closest('button') === document.activeElement`;
    expect(await page.evaluate(shown)).toBe(true);
  });
});

/** A script that returns the name of the focused element, or an empty string if the page itself has the focus. */
const FOCUSED = `(({ activeElement: element, body }) =>
  element === body ? '' : (element.getAttribute('aria-label') ?? element.textContent))(document)`;

/** Presses Tab `times` times, and returns the name of the focused element after each press. */
async function tabs(page: Page, times: number): Promise<string[]> {
  const focused: string[] = [];
  for (let time = 0; time < times; time += 1) {
    await page.keyboard.press('Tab');
    focused.push(await page.evaluate<string>(FOCUSED));
  }
  return focused;
}
