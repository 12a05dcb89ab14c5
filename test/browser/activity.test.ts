import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { signUp } from './support/people.ts';

describeInBrowser('the Activity page of a customer', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  it('says in sentences what was changed, filters by month, author and topic, shows more, and downloads CSV', async () => {
    const { page, call } = await signUp(service);
    const name = 'Alice Arai';
    await call('POST /v1/rps', { rpId: 'shop.example.com', name: 'Example Shop' });
    const { body } = await call('GET /v1/rps');
    const [rp] = (body as { items: { id: string }[] }).items;
    await call(`POST /v1/rps/${rp?.id ?? ''}/api-keys`, { name: 'Production' });
    await page.goto('/');
    await page.getByRole('navigation').getByRole('link', { name: 'Activity' }).click();
    const list = page.getByRole('list', { name: 'Changes, sign-ins and downloads' });
    await list.getByText(`${name} created the API key “Production” of the RP “Example Shop”.`).waitFor();
    await list.getByText(`${name} registered the RP “Example Shop” (shop.example.com).`).waitFor();
    await list.getByText('From 127.0.0.1').first().waitFor();
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);

    for (let index = 0; index < 51; index += 1) await call(`PATCH /v1/rps/${rp?.id ?? ''}`, { name: `Shop ${index}` });
    await page.reload();
    await list.getByText('edited the RP “Shop 50” (name).').waitFor();
    expect(await list.getByText('registered the RP').count()).toBe(0);
    await page.getByRole('button', { name: 'Show more' }).click();
    await list.getByText('registered the RP').waitFor();

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('activity.csv');
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^\uFEFFat,kind,byType,.*\r\n.*,rp-edited,/);

    const months = page.getByLabel('Month');
    const oldest = (await months.locator('option').allInnerTexts()).at(-1) ?? '';
    await months.selectOption(oldest);
    await page.getByText('No entries match.').waitFor();
    await months.selectOption('The last 13 months');
    await page.getByLabel('Topic').selectOption('Downloads');
    await list.getByText(`${name} downloaded this activity.`).waitFor();
    expect(await list.getByRole('listitem').count()).toBe(1);
    await page.getByLabel('Done by').selectOption('The operator');
    await page.getByText('No entries match.').waitFor();
    await page.getByLabel('Topic').selectOption('Everything');
    await page.getByLabel('Done by').selectOption(name);
    await list.getByText(`${name} edited the RP`).first().waitFor();
  });

  it('is accessible in both languages, on a phone, and in the dark', LOOKING, async () => {
    const person = await signUp(service);
    await person.call('POST /v1/rps', { rpId: 'shop.example.com', name: 'Example Shop' });
    await expectAccessible(service, person, [
      async ({ page }, say) => {
        await page.goto('/activity');
        await page
          .getByText(
            say({ en: 'registered the RP “Example Shop”', ja: 'RP「Example Shop」（shop.example.com）を登録' }),
          )
          .waitFor();
      },
    ]);
  });
});
