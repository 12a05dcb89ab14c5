import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CustomerView } from '../../functions/contract/customers.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { describeInBrowser } from './support/chromium.ts';
import { expectWrong } from './support/forms.ts';
import { ALL_FADED, expectAccessible } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, signUp, visitAs, visitBy, type Person } from './support/people.ts';
import { waitForReason } from './support/reasons.ts';
import { newRp, userIds } from './support/rps.ts';

const block = (page: Page) => page.getByRole('region', { name: /^(MAU alert|MAUアラート)$/ });
const editButton = (page: Page) => block(page).getByRole('button', { name: /^(Edit|編集)/ });
const dialog = (page: Page) => page.getByRole('dialog');
const threshold = (page: Page) => dialog(page).getByRole('textbox');
const save = (page: Page) => dialog(page).getByRole('button', { name: 'Save' }).click();

/** Warnings about a threshold. */
const EXCEEDED = 'This month’s MAU (3) already exceed this threshold.';
const ABOVE_MAXIMUM = 'The threshold is above the maximum of the license (10 MAU)';

describeInBrowser('the MAU alert', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  /** Signs up a customer with 3 MAU this month and a maximum of 10 MAU. */
  async function newCustomer(): Promise<Person> {
    const person = await signUp(service);
    const { customer } = await viewOf(person);
    const endsAt = new Date(Date.now() + 300 * 24 * 60 * 60 * 1_000).toISOString();
    const license = { type: 'business', endsAt, maxMau: 10 };
    await service.operate({ command: 'set-license', customerId: customer.id, ...license });
    await (await newRp(service, person, 'shop.example.com', 'Shop')).authenticate(userIds(3));
    await person.page.reload();
    return person;
  }
  const viewOf = async ({ call }: Person) => (await call('GET /v1/customer')).body as CustomerView;

  async function openForm(page: Page): Promise<void> {
    await editButton(page).click();
    await threshold(page).waitFor();
  }
  const facts = async (page: Page) =>
    Object.fromEntries(
      (await block(page).locator('dl > div').allInnerTexts()).map((fact) => {
        const [name = '', ...lines] = fact.split(/\n+/);
        return [name, lines.join(' ')];
      }),
    );

  it('is off for a new customer, and the graph shows the threshold only while the alert is on', async () => {
    const person = await newCustomer();
    const { page, email } = person;
    const inGraph = page.getByRole('checkbox', { name: 'Alert threshold' });
    await block(page).getByText('Off').waitFor();
    expect(await facts(page)).toEqual({
      'MAU alert': 'Off',
      Threshold: '–',
      'Sent to': `Alice Arai (the representative) ${email}`,
      'Last notification': 'None yet',
    });
    expect(await inGraph.count()).toBe(0);

    await openForm(page);
    await expect.poll(() => dialog(page).getByRole('switch').and(page.locator(':focus')).count()).toBe(1);
    await dialog(page).getByRole('switch').click();
    await threshold(page).fill('9');
    await save(page);
    await expect.poll(() => facts(page)).toMatchObject({ 'MAU alert': 'On', Threshold: '9 MAU' });
    await page.getByText('Saved').waitFor();
    await expect.poll(() => editButton(page).and(page.locator(':focus')).count()).toBe(1);
    expect((await viewOf(person)).mauAlert).toEqual({ enabled: true, threshold: 9, lastNotification: null });
    await expect.poll(() => page.getByRole('checkbox', { name: 'Alert threshold: 9' }).count()).toBe(1);

    // An alert that is switched off keeps its threshold.
    await openForm(page);
    await dialog(page).getByRole('switch').click();
    await save(page);
    await expect.poll(() => facts(page)).toMatchObject({ 'MAU alert': 'Off', Threshold: '9 MAU' });
    expect((await viewOf(person)).mauAlert).toMatchObject({ enabled: false, threshold: 9 });
    await expect.poll(() => inGraph.count()).toBe(0);
  });

  it('accepts a whole number of at least 1 as the threshold, even in full-width digits, and shows an error for other input', async () => {
    const person = await newCustomer();
    const { page } = person;
    await openForm(page);
    await dialog(page).getByRole('switch').click();
    await save(page);
    await dialog(page).getByText('The alert needs a threshold.').waitFor();
    for (const typed of ['0', '-5', '1.5', '1,5', '12,34', 'many', '9007199254740993']) {
      await threshold(page).fill(typed);
      await save(page);
      const says = typed.length > 10 ? 'at most 9,007,199,254,740,991.' : 'a whole number of at least 1.';
      await expectWrong(threshold(page), `Must be ${says}`);
      expect(await threshold(page).inputValue()).toBe(typed);
    }
    expect((await viewOf(person)).mauAlert).toMatchObject({ enabled: false, threshold: null });

    await threshold(page).fill(' １,２３４ ');
    await save(page);
    await expect.poll(() => facts(page)).toMatchObject({ Threshold: '1,234 MAU' });
    expect((await viewOf(person)).mauAlert).toMatchObject({ enabled: true, threshold: 1_234 });
  });

  it('warns about a threshold that is already exceeded or is above the maximum', async () => {
    const { page } = await newCustomer();
    const warnings = () => dialog(page).getByRole('status').innerText();
    await openForm(page);
    await threshold(page).fill('2');
    expect(await dialog(page).getByText(EXCEEDED).count()).toBe(0);
    await dialog(page).getByRole('switch').click();
    await expect
      .poll(warnings)
      .toContain(`${EXCEEDED} After you save, the representative gets an e-mail within minutes`);
    for (const none of ['3', '10', '', 'x']) {
      await threshold(page).fill(none);
      await expect.poll(warnings).toBe('');
    }
    await threshold(page).fill('11');
    await expect.poll(warnings).toContain(ABOVE_MAXIMUM);

    await save(page);
    await block(page).getByText(ABOVE_MAXIMUM).waitFor();
    expect(await block(page).getByText(EXCEEDED).count()).toBe(0);
  });

  it('sends an e-mail if the threshold is exceeded when the mau-alerts schedule fires, and shows that the e-mail was sent', async () => {
    const person = await newCustomer();
    const { page, email } = person;
    await openForm(page);
    await dialog(page).getByRole('switch').click();
    await threshold(page).fill('2');
    await save(page);
    await block(page).getByText(EXCEEDED).waitFor();
    expect(await facts(page)).toMatchObject({ 'Last notification': 'None yet' });

    await service.fire('mau-alerts');
    const mail = (await service.mailsTo(email)).at(-1);
    expect(mail?.text).toMatch(/has 3 monthly active users .* exceeds the threshold of 2/);
    await page.reload();
    const { month, mauAlert } = await viewOf(person);
    expect(mauAlert.lastNotification).toMatchObject({ status: 'sent', month: month.month, threshold: 2 });
    await expect
      .poll(() => facts(page))
      .toMatchObject({ 'Last notification': expect.stringMatching(/^Sent \w+ \d{4}, threshold 2 \w+ \d/) as string });
    await block(page).getByText('The e-mail about this month and threshold has been sent').waitFor();
    await openForm(page);
    await dialog(page).getByText('The e-mail about this month and threshold has been sent').waitFor();
  });

  it('explains each status of the last notification, accessibly in each theme', async () => {
    const { page } = await newCustomer();
    let status = '';
    await page.route('**/v1/customer', async (route) => {
      const response = await route.fetch();
      const view = (await response.json()) as CustomerView;
      const month = { ...view.month, month: '2026-10', timeZone: 'Asia/Tokyo' };
      const lastNotification = { month: '2026-10', threshold: 2, status, at: '2026-10-20T08:30:00Z' };
      const mauAlert = { enabled: true, threshold: 2, lastNotification };
      await route.fulfill({ response, json: { ...view, month, mauAlert } });
    });
    const statuses = [
      ['sent', 'Sent', '', 'has been sent. We will not send a second e-mail.', 'light'],
      ['pending', 'Pending', 'The e-mail will be sent within minutes.', 'will be sent within minutes.', 'dark'],
      [
        'bounced',
        'Not delivered',
        'Check the address of the representative.',
        'was not delivered. We will not send a second e-mail.',
        'light',
      ],
      [
        'failed',
        'Failed',
        'We keep trying for 3 days.',
        'could not be sent. We keep trying for 3 days after the first try.',
        'dark',
      ],
    ] as const;
    for (const [shown, name, meaning, warning, colorScheme] of statuses) {
      status = shown;
      await page.emulateMedia({ colorScheme });
      await page.reload();
      await block(page).getByText(name, { exact: true }).waitFor();
      const told = (await facts(page))['Last notification'];
      // The console shows the time in the service's time zone. The response above says that this is Asia/Tokyo.
      expect(told).toContain(`${name} Oct 2026, threshold 2 Oct 20, 2026, 17:30 GMT+9`);
      const follows = await block(page).getByRole('note').innerText();
      expect(follows).toMatch(/already exceed this threshold\. The e-mail about this month and threshold /);
      expect(follows).toContain(warning);
      expect(told).toContain(meaning);
      await page.locator(`[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
      await page.evaluate(ALL_FADED);
      expect(await accessibilityFaults(page), shown).toEqual([]);
    }
  });

  it('is saved only after a second click on Save if someone else changes the alert while the form is open', async () => {
    const person = await newCustomer();
    const { page } = person;
    await openForm(page);
    await dialog(page).getByRole('switch').click();
    await threshold(page).fill('8');
    const other = await visitAs(service, person, {});
    await other.page.goto('/');
    await openForm(other.page);
    await dialog(other.page).getByRole('switch').click();
    await threshold(other.page).fill('7');
    await save(other.page);
    await other.page.getByText('Saved').waitFor();

    await save(page);
    const conflict = dialog(page).getByRole('alert');
    await conflict.getByText('7 MAU').waitFor();
    expect(await conflict.innerText()).toContain('Someone else changed this at the same time');
    expect(await threshold(page).inputValue()).toBe('8');
    expect((await viewOf(person)).mauAlert.threshold).toBe(7);
    await save(page);
    await expect.poll(() => facts(page)).toMatchObject({ Threshold: '8 MAU' });
    expect((await viewOf(person)).mauAlert.threshold).toBe(8);

    // Another person changes a field that is not in this form, so the form saves without asking for confirmation.
    await openForm(page);
    await threshold(page).fill('9');
    const headers = { 'if-match': String((await viewOf(person)).customer.version) };
    const patched = await other.context.request.patch('/v1/customer', { data: { phoneNumber: '+44 117' }, headers });
    expect(patched.status()).toBe(200);
    await save(page);
    await expect.poll(() => facts(page)).toMatchObject({ Threshold: '9 MAU' });
    expect((await viewOf(person)).customer.phoneNumber).toBe('+44 117');
  });

  it('can be edited only by privileged administrators, and the disabled button tells other administrators why', async () => {
    const person = await newCustomer();
    const email = newEmail();
    await person.call('POST /v1/administrators', { name: 'Bob Baba', email, privilege: 'administrator' });
    const { page } = await visitBy(service, email);
    const button = block(page).getByRole('button', { name: 'Edit' });
    await button.waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    // Moves the focus with the keyboard, because a mouse click on the button does not show the reason.
    await page.keyboard.press('Tab');
    await button.focus();
    await waitForReason(page, 'Only privileged administrators');
    await page.keyboard.press('Enter');
    expect(await dialog(page).count()).toBe(0);
  });

  it('is accessible, including the form, errors and warnings, in each language and theme', async () => {
    const person = await newCustomer();
    await expectAccessible(service, person, [
      async ({ page }, say) => {
        await page.goto('/');
        await openForm(page);
        await dialog(page).locator('label').first().click();
        await dialog(page)
          .getByRole('button', { name: say({ en: 'Save', ja: '保存' }) })
          .click();
        await dialog(page)
          .getByText(say({ en: 'The alert needs a threshold', ja: 'しきい値が必要です' }))
          .waitFor();
      },
      async ({ page }, say) => {
        await threshold(page).fill('1');
        await dialog(page)
          .getByText(say({ en: 'already exceed this threshold', ja: 'すでにこのしきい値を超えています' }))
          .waitFor();
      },
    ]);
  });
});
