import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StatementView } from '../../functions/contract/statements.ts';
import { describeInBrowser } from './support/chromium.ts';
import { download, readCsv } from './support/downloads.ts';
import { expectAccessible } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { signInAgain, signUp, type Person } from './support/people.ts';
import { newRp, userIds } from './support/rps.ts';

const block = (page: Page) => page.getByRole('region', { name: /^(Statements of closed months|締め済みの月の明細)$/ });

describeInBrowser('the statements', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart({ timeZone: 'Asia/Tokyo' });
  });
  afterAll(() => service.stop());

  const statementsOf = async ({ call }: Person) =>
    ((await call('GET /v1/customer/statements')).body as { items: StatementView[] }).items;
  /** Returns the cells of the rows for months. Omits the rows for RPs. */
  async function rowsIn(page: Page): Promise<string[][]> {
    const rows = await block(page)
      .getByRole('group', { name: 'Statements' })
      .locator('> * > table > tbody > tr:not([hidden])')
      .all();
    const cellsOf = (row: (typeof rows)[number]) => row.locator('> th, > td').allInnerTexts();
    return Promise.all(rows.map(async (row) => (await cellsOf(row)).filter((text) => !text.startsWith('By RP'))));
  }

  it('are not listed until the first month is closed, and the date of the first statement is shown instead', async () => {
    await service.setClock('2027-03-20T00:00:00+09:00');
    const person = await signUp(service);
    const { page } = person;
    await block(page).getByText('No month is closed yet.').waitFor();
    const march = 'The statement of Mar 2027 is created on Apr 4, 2027, 00:00 (Asia/Tokyo)';
    expect(await block(page).innerText()).toContain(march);
    expect(await block(page).getByRole('button').count()).toBe(0);

    await service.setClock('2027-04-03T00:00:00+09:00');
    await signInAgain(person);
    await block(page).getByText(march).waitFor();
  });

  it('show the license, MAU and overage fee of each month, and mark removed RPs', async () => {
    await service.setClock('2027-05-10T00:00:00+09:00');
    const person = await signUp(service);
    const { customer } = (await person.call('GET /v1/customer')).body as { customer: { id: string } };
    const shop = await newRp(service, person, 'shop.example.com', 'Shop');
    await shop.authenticate(userIds(2));
    await service.setClock('2027-06-10T00:00:00+09:00');
    await service.fire('month-close');
    await service.operate({
      command: 'set-license',
      customerId: customer.id,
      type: 'starter',
      endsAt: '2029-01-01T00:00:00Z',
      maxMau: 4,
    });
    await signInAgain(person);
    const blog = await newRp(service, person, 'blog.example.com', 'Blog');
    await shop.authenticate(userIds(5));
    await blog.authenticate(userIds(2));
    await person.call(`DELETE /v1/rps/${blog.id}`);
    await service.setClock('2027-07-04T00:10:00+09:00');
    await service.fire('month-close');

    await signInAgain(person);
    const { page } = person;
    const statements = await statementsOf(person);
    expect(statements.map(({ month, mau }) => [month, mau])).toEqual([
      ['2027-06', 7],
      ['2027-05', 2],
    ]);
    expect(statements[0]?.overageFee?.amount).toBe('0.24');
    await expect
      .poll(() => rowsIn(page))
      .toEqual([
        ['Jun 2027', 'Starter', '7', '4', '3', '$0.24', 'Jul 4, 2027, 00:10 GMT+9'],
        ['May 2027', 'Free', '2', '–', '–', '–', 'Jun 10, 2027, 00:00 GMT+9'],
      ]);

    const button = block(page).getByRole('button', { name: 'MAU by RP in Jun 2027' });
    const byRp = block(page).getByRole('table', { name: 'MAU by RP in Jun 2027' });
    expect(await button.getAttribute('aria-expanded')).toBe('false');
    expect(await byRp.count()).toBe(0);
    await button.press('Enter');
    await byRp.waitFor();
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    expect(await byRp.locator('tbody').getByRole('row').allInnerTexts()).toEqual([
      expect.stringMatching(/^Shop \(shop\.example\.com\)\s+5$/) as string,
      expect.stringMatching(/^Blog \(blog\.example\.com\)\s+Removed\s+2$/) as string,
    ]);
    const users = await download(page, page.getByRole('button', { name: 'Active users of Jun 2027 (CSV)' }));
    expect(users.name).toBe('active-users-2027-06.csv');
    expect(users.text).toBe(`\uFEFF${await readCsv(page, '/v1/customer/mau/users?month=2027-06')}`);
    expect(users.text.trim().split('\n')).toHaveLength(1 + 7);
    // The MAU block has the same button for the current month, in which nobody was active yet.
    const current = await download(page, page.getByRole('button', { name: 'Active users of Jul 2027 (CSV)' }));
    expect(current.text.trim().split('\n')).toHaveLength(1);
    await button.press('Enter');
    await expect.poll(() => byRp.count()).toBe(0);

    // A phone shows cards, whose first lines are the MAU and the fee.
    await page.setViewportSize({ width: 360, height: 700 });
    const cards = block(page).getByRole('list', { name: 'Statements' }).getByRole('listitem');
    expect(await cards.getByRole('heading').allInnerTexts()).toEqual(['Jun 2027', 'May 2027']);
    const lines = await cards.first().getByRole('row').allInnerTexts();
    expect(lines.map((line) => line.split('\t'))).toEqual([
      ['MAU', '7'],
      ['Fee', '$0.24'],
      ['Maximum', '4'],
      ['Overage', '3'],
      ['License', 'Starter'],
      ['Closed at', 'Jul 4, 2027, 00:10 GMT+9'],
    ]);
    await button.click();
    await byRp.waitFor();
    await page.setViewportSize({ width: 1_280, height: 900 });

    const { name, text } = await download(page, block(page).getByRole('button', { name: 'Download CSV' }));
    expect(name).toBe('statements-until-2027-06.csv');
    expect(text).toBe(`\uFEFF${await readCsv(page, '/v1/customer/statements')}`);
    expect(text).toContain('2027-06,Asia/Tokyo,');

    await expectAccessible(service, person, [
      async (other, say) => {
        await other.page.goto('/');
        await block(other.page)
          .getByRole('button', { name: say({ en: 'MAU by RP in Jun 2027', ja: '2027年6月のRP別MAU' }) })
          .click();
        await block(other.page)
          .getByText(say({ en: 'Removed', ja: '削除済み' }))
          .waitFor();
        await other.page.waitForLoadState('networkidle');
      },
    ]);
  });

  it('show how many users were measured and how many reported, if a user was measured in one of the months', async () => {
    await service.setClock('2027-08-10T00:00:00+09:00');
    const person = await signUp(service);
    const shop = await newRp(service, person, 'shop.example.com', 'Shop');
    await shop.authenticate(userIds(3));
    await service.setClock('2027-09-10T00:00:00+09:00');
    await service.fire('month-close');
    await signInAgain(person);
    const { page } = person;
    await page.route('**/v1/customer/statements*', async (route) => {
      const items = (await statementsOf(person)).map((statement) => ({
        ...statement,
        measured: 2,
        rps: statement.rps.map((rp) => ({ ...rp, measured: 2 })),
      }));
      // The service no longer keeps the active users of the other month.
      const old = items.map((statement) => ({ ...statement, month: '2026-07' }));
      return route.fulfill({ json: { items: [...items, ...old], nextCursor: null } });
    });
    await page.reload();
    await expect
      .poll(() => rowsIn(page))
      .toEqual(
        ['Aug 2027', 'Jul 2026'].map((month) => [
          ...[month, 'Free', '3', '2', '1', '–', '–', '–', 'Sep 10, 2027, 00:00 GMT+9'],
        ]),
      );
    const header = block(page)
      .getByRole('group', { name: 'Statements' })
      .locator('> * > table > thead')
      .getByRole('row');
    expect((await header.getByRole('columnheader').allInnerTexts()).slice(3, 6)).toEqual([
      'MAU',
      'Measured here',
      'Reported by RPs',
    ]);
    await block(page).getByRole('button', { name: 'MAU by RP in Aug 2027' }).click();
    const byRp = block(page).getByRole('table', { name: 'MAU by RP in Aug 2027' });
    expect(await byRp.locator('tbody').getByRole('row').allInnerTexts()).toEqual([
      expect.stringMatching(/^Shop \(shop\.example\.com\)\s+3\s+2\s+1$/) as string,
    ]);
    const downloads = block(page).getByRole('button', { name: /^Active users of/ });
    expect(await downloads.count()).toBe(1);
    await block(page).getByRole('button', { name: 'MAU by RP in Jul 2026' }).click();
    await block(page).getByText('The service no longer keeps the active users of this month.').waitFor();
    expect(await downloads.count()).toBe(1);
  });

  it('appear page by page if there are more than 12', async () => {
    await service.setClock('2028-01-10T00:00:00+09:00');
    const person = await signUp(service);
    await service.setClock('2029-03-10T00:00:00+09:00');
    await service.fire('month-close');
    await signInAgain(person);
    const { page } = person;
    await expect.poll(async () => (await rowsIn(page)).length).toBe(12);
    expect((await rowsIn(page)).at(-1)?.[0]).toBe('Mar 2028');

    await block(page).getByRole('button', { name: 'Show earlier months' }).click();
    await expect.poll(async () => (await rowsIn(page)).length).toBe(14);
    expect((await rowsIn(page)).at(-1)?.[0]).toBe('Jan 2028');
    expect(await block(page).getByRole('button', { name: 'Show earlier months' }).count()).toBe(0);
    await block(page).getByRole('button', { name: 'MAU by RP in Jan 2028' }).click();
    await block(page).getByText('No RP had active users in this month.').waitFor();
    const { text } = await download(page, block(page).getByRole('button', { name: 'Download CSV' }));
    expect(text.trim().split('\n')).toHaveLength(1 + 14);

    // The service sends a CSV of more than 5 MB in several parts.
    await page.route('**/v1/customer/statements*', async (route) => {
      const request = route.request();
      if (request.headers()['accept'] !== 'text/csv') return route.fallback();
      const [header = '', ...rows] = (await readCsv(page, '/v1/customer/statements')).split('\r\n');
      const isFirst = !request.url().includes('cursor=');
      const link = { link: '</v1/customer/statements?cursor=MjAyOS0wMg>; rel="next"' };
      return route.fulfill({
        headers: { 'content-type': 'text/csv; charset=utf-8', ...(isFirst && link) },
        body: [header, ...(isFirst ? [rows[0], ''] : rows.slice(1))].join('\r\n'),
      });
    });
    expect(await download(page, block(page).getByRole('button', { name: 'Download CSV' }))).toMatchObject({ text });
  });
});
