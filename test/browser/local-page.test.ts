import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoPeople } from '../../local/demo/demo-customers.ts';
import { LONG } from '../support/long.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { describeInBrowser } from './support/chromium.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { visit } from './support/visit.ts';

describeInBrowser('the local page', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart({ demo: true });
  });
  afterAll(() => service.stop());

  // The demo people differ only in the data of their customers.
  it.each([
    ['localhost', LONG ? demoPeople : demoPeople.slice(0, 2)],
    ['127.0.0.1', demoPeople.slice(0, 1)],
  ])('lets a developer sign in as a demo person if the page is opened at %s', async (host, people) => {
    const url = service.url.replace('localhost', host);
    for (const { email } of people) {
      const { page } = await visit({ url });
      await page.goto('/_local/');
      await page.getByRole('button', { name: `Sign in as ${email}` }).click();
      await page.getByRole('main').getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('button', { name: 'Register a passkey' }).click();
      await page.getByRole('heading', { level: 1, name: 'Customer' }).waitFor();

      expect(new URL(page.url()).origin).toBe(service.url);
      await page.getByRole('region', { name: 'Representative' }).getByText(email).waitFor();
    }
  });

  it('opens the console with the link from an e-mail in the outbox', async () => {
    await service.send('POST /v1/customers', {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email: 'alice@example.com' },
    });
    const { page } = await visit({ url: service.url });
    await page.goto('/_local/');
    expect(await accessibilityFaults(page)).toEqual([]);
    const mail = page.getByRole('group').filter({ hasText: 'to alice@example.com' });
    await mail.getByRole('link', { name: 'Open the link in the console' }).click();
    await page.getByRole('main').getByRole('button', { name: 'Continue' }).waitFor();
  });
});
