import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { WebhookView } from '../../functions/contract/webhooks.ts';
import { startReceiver, verify } from '../support/webhooks.ts';
import { describeInBrowser } from './support/chromium.ts';
import { expectFocusOn, expectWrong } from './support/forms.ts';
import { expectAccessible } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, signUp, visitBy, type Person } from './support/people.ts';
import { newRp, userIds } from './support/rps.ts';

const block = (page: Page) => page.getByRole('region', { name: /^(MAU alert|MAUアラート)$/ });
const dialog = (page: Page) => page.getByRole('dialog');
const url = (page: Page) => dialog(page).getByRole('textbox', { name: 'URL' });
const click = (page: Page, name: string | RegExp) => block(page).getByRole('button', { name }).click();

const WRONG_URL = 'Must be a URL that begins with https://, without user name, password and #';
const TOO_SOON = 'You can send a test event every 10 seconds. Wait a moment.';

describeInBrowser('the webhook in the block of the MAU alert', () => {
  let service: NpmStarted;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let status: number;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    status = 204;
    receiver = await startReceiver((_, response) => response.writeHead(status).end());
  });
  afterEach(() => {
    receiver.stop();
  });

  const webhookOf = async ({ call }: Person) =>
    ((await call('GET /v1/customer/webhook')).body as { webhook: WebhookView | null }).webhook;
  /** Returns the secret that the dialog shows, and closes the dialog. */
  async function shownSecret(page: Page): Promise<string> {
    const secret = await dialog(page).getByRole('group', { name: 'Secret' }).innerText();
    await dialog(page).getByRole('button', { name: 'Copy the secret' }).click();
    await dialog(page).getByRole('button', { name: 'Copied' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).getByRole('button', { name: 'Done' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    expect((await page.content()).includes(secret)).toBe(false);
    return secret;
  }

  it('is set, tested, rotated and removed', async () => {
    const person = await signUp(service);
    const { page } = person;
    await click(page, 'Show the webhook');
    await page.getByRole('heading', { level: 3, name: 'Webhook' }).and(page.locator(':focus')).waitFor();
    await click(page, 'Set a URL');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await expectWrong(url(page), 'Must not be empty');
    await url(page).fill('http://example.com/');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await expectWrong(url(page), WRONG_URL);
    await url(page).fill('https://user:password@example.com/');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await expectWrong(url(page), WRONG_URL);
    await url(page).fill(receiver.url);
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    const first = await shownSecret(page);
    await block(page).getByText('Nothing was sent in the last 30 days.').waitFor();
    expect(await webhookOf(person)).toMatchObject({ url: receiver.url });

    await click(page, 'Rotate the secret');
    await dialog(page).getByText('the oldest secret ends at once').waitFor();
    await dialog(page).getByRole('button', { name: 'Rotate' }).click();
    const second = await shownSecret(page);
    expect(second).not.toBe(first);
    await block(page)
      .getByText(/^Secret created/)
      .waitFor();
    expect(await block(page).innerText()).toContain('The previous secret signs too until');

    await click(page, 'Send a test event');
    await block(page)
      .getByRole('row', { name: /Test.*Delivered 1 The receiver answered with the status 204/ })
      .waitFor();
    const [request] = receiver.received;
    if (!request) throw new Error('There was no request.');
    for (const secret of [first, second]) expect(verify(secret, request)).toMatchObject({ type: 'webhook.test' });
    await click(page, 'Send a test event');
    await block(page).getByText(TOO_SOON).waitFor();

    await click(page, 'Remove');
    await block(page).getByText(TOO_SOON).waitFor({ state: 'detached' });
    await dialog(page).getByRole('button', { name: 'Remove' }).click();
    await block(page).getByText('No URL is set.').waitFor();
    await expectFocusOn(page, 'MAU alert');
    expect(await webhookOf(person)).toBeNull();
  });

  it('gets another URL without another secret, and shows why a delivery failed', async () => {
    const person = await signUp(service);
    const { page } = person;
    await person.call('PUT /v1/customer/webhook', { url: 'https://127.0.0.1:9/' });
    await click(page, 'Show the webhook');
    await click(page, 'Send a test event');
    await block(page)
      .getByRole('row', { name: /Test.*Failed 1 There was no connection/ })
      .waitFor();
    await click(page, 'Change the URL');
    expect(await url(page).inputValue()).toBe('https://127.0.0.1:9/');
    await url(page).fill(receiver.url);
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    await block(page).getByText(receiver.url).waitFor();
    expect(await webhookOf(person)).toMatchObject({ url: receiver.url, previousSecretEndsAt: null });
  });

  it('lists alerts when asked again, says when the next attempt follows, and shows cards on a narrow screen', async () => {
    const person = await signUp(service);
    const { page } = person;
    await (await newRp(service, person, 'shop.example.com', 'Shop')).authenticate(userIds(2));
    await person.call('PUT /v1/customer/webhook', { url: receiver.url });
    await page.reload();
    await click(page, 'Edit');
    await dialog(page).getByRole('switch').click();
    await dialog(page).getByRole('textbox').fill('1');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    await click(page, 'Show the webhook');
    await block(page).getByText('Nothing was sent in the last 30 days.').waitFor();

    status = 500;
    await service.fire('mau-alerts');
    await expect.poll(async () => (await webhookOf(person))?.deliveries[0]?.failure).toBe('status');
    await click(page, 'Refresh');
    const outcome = /Retrying.*1.*The receiver answered with the status 500.*Next attempt: .* \d\d:\d\d:\d\d /;
    await block(page).getByRole('row', { name: outcome }).waitFor();

    await page.setViewportSize({ width: 360, height: 700 });
    const card = block(page).getByRole('list', { name: 'Last deliveries' }).getByRole('listitem');
    await card.getByRole('heading', { name: 'MAU alert' }).waitFor();
    const reason = await card.getByText('The receiver answered with the status 500.').boundingBox();
    expect(reason && reason.x + reason.width).toBeLessThanOrEqual(360);
  });

  it('tells an administrator who is not privileged why the buttons are disabled', async () => {
    const person = await signUp(service);
    const email = newEmail();
    await person.call('PUT /v1/customer/webhook', { url: receiver.url });
    await person.call('POST /v1/administrators', { name: 'Bob Baba', email, privilege: 'administrator' });
    const { page } = await visitBy(service, email);
    await click(page, 'Show the webhook');
    const reason = 'Only privileged administrators can change this.';
    for (const name of ['Change the URL', 'Rotate the secret', 'Remove']) {
      await block(page).getByRole('button', { name, description: reason }).waitFor();
    }
    expect(await block(page).getByRole('button', { name: 'Send a test event' }).count()).toBe(0);
  });

  it('is accessible in each language and theme', async () => {
    const person = await signUp(service);
    await person.call('PUT /v1/customer/webhook', { url: receiver.url });
    await person.call('POST /v1/customer/webhook/test');
    await expect.poll(async () => (await webhookOf(person))?.deliveries[0]?.status).toBe('delivered');
    await expectAccessible(service, person, [
      async ({ page }) => {
        await page.goto('/');
        await click(page, /^(Show the webhook|Webhookを表示)$/);
        await block(page).getByRole('row').nth(1).waitFor();
        await click(page, /^(Change the URL|URLを変更)$/);
        await url(page).fill('x');
      },
    ]);
  });
});
