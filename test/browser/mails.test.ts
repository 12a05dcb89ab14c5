import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { expectAccessible } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { signUp } from './support/people.ts';

describeInBrowser('the page “Language and e-mails”', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  it('lets a person choose the language and the notices, and e-mails lead to the blocks of the Customer screen', async () => {
    const person = await signUp(service);
    const { page, call } = person;
    const settings = async () =>
      ((await call('GET /v1/sessions/current')).body as { mailSettings: { language: string; notices: object } })
        .mailSettings;
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Language and e-mails' }).click();
    const block = page.getByRole('region', { name: 'E-mails to you' });
    const license = block.getByRole('switch', { name: 'Licenses' });
    await license.waitFor();
    expect(await license.isChecked()).toBe(true);
    expect(await settings()).toMatchObject({ language: 'en' });

    await block.getByLabel('Language of the e-mails').selectOption('ja');
    await license.click();
    await block.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').waitFor();
    expect(await settings()).toEqual({
      language: 'ja',
      notices: { license: false, users: true, statements: true },
    });
    await page.reload();
    await license.waitFor();
    expect(await license.isChecked()).toBe(false);

    await page.setViewportSize({ width: 1280, height: 500 });
    for (const name of ['license', 'mau', 'mau-alert', 'statements']) {
      await page.goto('about:blank');
      await page.goto(`${service.url}/#${name}`);
      const isSeen = async () => {
        const { y = -1 } = (await page.locator(`#${name}`).boundingBox()) ?? {};
        return y >= 0 && y < 500;
      };
      await expect.poll(isSeen).toBe(true);
    }
    await expectAccessible(service, person, [
      async (opened) => {
        await opened.page.goto('/mails');
        await opened.page.getByRole('switch').first().waitFor();
      },
    ]);
  });
});
