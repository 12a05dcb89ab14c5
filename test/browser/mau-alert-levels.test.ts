import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CustomerView } from '../../functions/contract/customers.ts';
import { describeInBrowser } from './support/chromium.ts';
import { expectWrong } from './support/forms.ts';
import { expectAccessible } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, signUp, visitBy, type Person } from './support/people.ts';

const block = (page: Page) => page.getByRole('region', { name: /^(MAU alert|MAUアラート)$/ });
const editButton = (page: Page) => block(page).getByRole('button', { name: /^(Edit|編集)/ });
const dialog = (page: Page) => page.getByRole('dialog');
const more = /^(More levels and recipients|しきい値と送信先を追加する)$/;
const others = (page: Page) => dialog(page).getByRole('textbox', { name: /^(Other levels|その他のしきい値)$/ });

describeInBrowser('the further levels and recipients of the MAU alert', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  const viewOf = async ({ call }: Person) => (await call('GET /v1/customer')).body as CustomerView;
  async function newCustomer(): Promise<Person> {
    const person = await signUp(service);
    const { customer } = await viewOf(person);
    const endsAt = new Date(Date.now() + 300 * 24 * 60 * 60 * 1_000).toISOString();
    await service.operate({
      command: 'set-license',
      customerId: customer.id,
      type: 'business',
      endsAt,
      maxMau: 10_000,
    });
    const email = newEmail();
    await person.call('POST /v1/administrators', { name: 'Bob Baba', email, privilege: 'administrator' });
    await visitBy(service, email);
    await person.page.reload();
    return person;
  }

  it('are shown on request, checked, saved and shown again', async () => {
    const person = await newCustomer();
    const { page } = person;
    await editButton(page).click();
    await dialog(page).getByRole('switch').click();
    await dialog(page).getByRole('button', { name: more }).press('Enter');
    await dialog(page).getByRole('checkbox', { name: '80% of the maximum (8,000 MAU)' }).check();
    const save = dialog(page).getByRole('button', { name: 'Save' });
    for (const [typed, says] of [
      ['many', '“many” must be a whole number of MAU, or whole percents up to 1,000 %.'],
      ['80 %', '“80 %” is there twice.'],
      ['1\n2\n3\n4', 'Choose at most 4 levels besides the threshold.'],
    ] as const) {
      await others(page).fill(typed);
      await save.click();
      await expectWrong(others(page), says);
    }
    await others(page).fill('９,５００\n120 %');
    await dialog(page).getByRole('checkbox', { name: 'Bob Baba' }).check();
    await save.click();
    await block(page).getByText('and 1 other administrator').waitFor();
    expect(await block(page).innerText()).toMatch(/9,500 MAU\n80% \(8,000 MAU\)\n120% \(12,000 MAU\)/);
    const { mauAlert } = await viewOf(person);
    expect(mauAlert).toMatchObject({ enabled: true, threshold: null, recipients: [expect.any(String)] });
    expect(mauAlert.levels).toHaveLength(3);

    await editButton(page).click();
    expect(await others(page).inputValue()).toBe('9500\n120 %');
    expect(await dialog(page).getByRole('checkbox', { name: 'Bob Baba' }).isChecked()).toBe(true);
    await dialog(page).getByRole('checkbox', { name: 'Bob Baba' }).uncheck();
    await others(page).fill('');
    await save.click();
    await expect.poll(async () => (await viewOf(person)).mauAlert.levels?.length).toBe(1);
    expect((await viewOf(person)).mauAlert.recipients).toBeUndefined();
  });

  it('are accessible in each language and theme', async () => {
    const person = await newCustomer();
    await expectAccessible(service, person, [
      async ({ page }) => {
        await page.goto('/');
        await editButton(page).click();
        await dialog(page).getByRole('button', { name: more }).click();
        await others(page).fill('x');
        await dialog(page).getByRole('checkbox', { name: 'Bob Baba' }).waitFor();
      },
    ]);
  });
});
