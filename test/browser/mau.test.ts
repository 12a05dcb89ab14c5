import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { monthName } from './support/date-time.ts';
import { download, readCsv } from './support/downloads.ts';
import { expectAccessible } from './support/looks.ts';
import { countedOf, graph, linesIn, mauOf, mauTable, readGraph, tableFor, tableIn, written } from './support/mau.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { signUp, visitBy, type Person } from './support/people.ts';
import { held } from './support/held.ts';
import { newRp, userIds } from './support/rps.ts';

/** The name of the line that shows the maximum of each month's license. */
const MAXIMUM = "Maximum of the month's license";
const block = (page: Page) => page.getByRole('region', { name: 'MAU information' });

describeInBrowser('the MAU figures of the demo customers', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart({ demo: true });
  });
  afterAll(() => service.stop());

  async function signIn(email: string): Promise<Person> {
    await service.requestDemoLink(email);
    return visitBy(service, email);
  }

  it('are shown in a table that matches the API response for the period in the URL', async () => {
    const person = await signIn('alice@harbor.example');
    const { page } = person;
    const shows = async (months: 3 | 6 | 12) => {
      await expect.poll(() => tableIn(page)).toEqual(tableFor(await mauOf(person, months)));
    };

    await shows(3);
    const period = block(page).getByRole('radiogroup', { name: 'Months shown' });
    await period.getByText('12 months').click();
    await shows(12);
    expect(new URL(page.url()).search).toBe('?months=12');
    await period.getByText('6 months').click();
    await shows(6);
    await page.reload();
    await shows(6);
    expect(await period.getByRole('radio', { name: '6 months', exact: true }).isChecked()).toBe(true);
    for (const nonsense of ['4', '-3', 'twelve', '']) {
      await page.goto(`/?months=${nonsense}`);
      await shows(3);
    }
  });

  it('can be read from the graph month by month with the keyboard, and the current month is marked as in progress', async () => {
    const person = await signIn('alice@harbor.example');
    const { page } = person;
    await page.goto('/?months=12');
    const view = await mauOf(person, 12);
    const { months, rps, total, maxMaus, expectedMau } = view;
    const ofTotal = written(view, total, countedOf(view));
    const ofRps = rps.map((rp) => ({ name: rp.name, mau: written(view, rp.mau, rp) }));
    const mostFirst = rps.toSorted((a, b) => sum(b.mau) - sum(a.mau));
    await graph(page).waitFor();

    expect(await readGraph(page, 12)).toEqual(
      months.map((month, index) => [
        monthName(month) + (index === 11 ? ' (in progress)' : ''),
        ...['Total', ofTotal[index]],
        ...ofRps.flatMap(({ name, mau }) => [name, mau[index]]),
        ...(index === 11 ? ['Expected at the end of the month', String(expectedMau?.mau)] : []),
        ...[MAXIMUM, String(maxMaus[index])],
      ]),
    );
    // The demo customer registered the RP in March, got the license with another maximum in July, and is in it now.
    expect(ofRps.find(({ name }) => name === 'Harbor App')?.mau).toContain('–');
    expect(new Set(maxMaus)).toEqual(new Set([20, 30]));
    // Every month has a label.
    const labels = (await graph(page).locator('text').allTextContents()).filter((label) => /^[A-Z]/.test(label));
    expect(labels.map((label) => label.slice(0, 3))).toEqual(months.map((month) => monthName(month).slice(0, 3)));
    expect(labels.at(-1)).toContain('in progress');
    // The table has the same numbers as the graph. The keyboard can scroll the table, and each row has a header.
    const names = await mauTable(page).getByRole('rowheader').allInnerTexts();
    expect(names.map((name) => name.split('\n')[0])).toEqual([
      'Total',
      'Measured here',
      'Reported by RPs',
      ...mostFirst.map(({ name }) => name),
    ]);
    const scrolled = page.getByRole('group', { name: 'MAU by RP and month' });
    await scrolled.focus();
    expect(await scrolled.and(page.locator(':focus')).count()).toBe(1);
  });

  it('are loaded for the period that the person selects, or are replaced by an error if there is no network', async () => {
    const { page, context, problems } = await signIn('alice@harbor.example');
    await block(page).getByText('As of ').waitFor();
    const hold = await held(page, '**/v1/customer/mau?months=12');
    const period = block(page).getByRole('radiogroup', { name: 'Months shown' });
    await period.getByText('12 months').click();
    await block(page).getByText('Loading 12 months …').waitFor();
    await block(page)
      .locator('[aria-busy=true]')
      .filter({ has: mauTable(page) })
      .waitFor();
    expect(
      await block(page)
        .getByText(/As of|1970/)
        .count(),
    ).toBe(0);
    hold.release();
    await block(page).getByText('As of ').waitFor();
    expect(await block(page).locator('[aria-busy]').count()).toBe(0);

    await context.setOffline(true);
    await period.getByText('6 months').click();
    const failure = block(page).getByRole('alert');
    await failure.getByText('The service did not respond.').waitFor();
    expect(
      await block(page)
        .getByText(/As of|1970/)
        .count(),
    ).toBe(0);
    expect(await failure.getByRole('button', { name: 'Retry' }).count()).toBe(1);
    await page.route('**/v1/customer/mau?months=6', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), timeZone: 'Asia/Tokyo' } });
    });
    // When the network is back, the console reads the data again without a click.
    await context.setOffline(false);
    await block(page)
      .getByText(/^As of .* GMT\+9\. The time zone of the months is Asia\/Tokyo\.$/)
      .waitFor();
    for (const noted of problems.take()) expect(noted).toContain('net::ERR_INTERNET_DISCONNECTED');
  });

  it('are shown with the time of the figures and the time zone of the months', async () => {
    const person = await signIn('alice@harbor.example');
    await graph(person.page).waitFor();
    const text = (await block(person.page).innerText()).replaceAll(/\n+/g, '\n');

    expect(text).toMatch(/As of \w+ \d+, 20\d\d, .* UTC\. The time zone of the months is UTC\./);
    expect(text).toContain('A user ID has a meaning only within its RP');
  });

  it('can be downloaded as the same CSV that the API returns, after a byte order mark', async () => {
    const { page } = await signIn('bruno@meridian.example');
    for (const months of [3, 12]) {
      await page.goto(`/?months=${months}`);
      const button = block(page).getByRole('button', { name: 'Download CSV' });
      const { name, text } = await download(page, button);
      expect(name).toMatch(new RegExp(`^mau-20\\d\\d-\\d\\d-${months}-months\\.csv$`));
      expect(text).toBe(`\uFEFF${await readCsv(page, `/v1/customer/mau?months=${months}`)}`);
      expect(text).toContain('tickets.meridian.example');
    }
  });

  it('cannot be downloaded if the service fails, and the error shows the request ID', async () => {
    const { page, problems } = await signIn('bruno@meridian.example');
    await block(page).getByRole('button', { name: 'Download CSV' }).waitFor();
    const problem = { type: '/problems/internal', status: 500, title: 'Something went wrong here', requestId: 'req-7' };
    await page.route('**/v1/customer/mau?*', (route) => route.fulfill({ status: 500, json: problem }));
    await block(page).getByRole('button', { name: 'Download CSV' }).click();
    const said = page.getByRole('alert').filter({ hasText: 'The CSV could not be downloaded' });
    await said.getByText('Something went wrong. Try again later. (Request ID: req-7)').waitFor();
    expect(problems.take()).toHaveLength(1);
  });

  it('are drawn as lines that the person can hide and show, and removed RPs are marked', async () => {
    const { page } = await signIn('bruno@meridian.example');
    await page.goto('/?months=12');
    await graph(page).waitFor();
    await expect
      .poll(() => linesIn(page))
      .toEqual(['Total', 'Tickets', 'Staff', 'Freight (removed)', 'Loyalty', MAXIMUM]);
    expect(await mauTable(page).getByRole('rowheader', { name: 'Freight' }).innerText()).toContain('Removed');
    expect(await mauTable(page).getByText('Removed').count()).toBe(1);

    await page.getByRole('checkbox', { name: 'Staff' }).uncheck();
    await page.getByRole('checkbox', { name: 'Total' }).uncheck();
    await expect.poll(() => linesIn(page)).toEqual(['Tickets', 'Freight (removed)', 'Loyalty', MAXIMUM]);
    await page.getByRole('checkbox', { name: 'Staff' }).check();
    await expect.poll(() => linesIn(page)).toEqual(['Tickets', 'Staff', 'Freight (removed)', 'Loyalty', MAXIMUM]);
  });

  it('keep the line style of each RP when the person selects another period', async () => {
    const { page } = await signIn('bruno@meridian.example');
    await graph(page).waitFor();
    const lookOf = async (name: string) =>
      mauTable(page).getByRole('row', { name }).locator('svg[viewBox^="-12"]').innerHTML();
    const names = ['Tickets', 'Staff', 'Loyalty'];
    const before = await Promise.all(names.map(lookOf));
    expect(new Set(before).size).toBe(3);
    await page.getByText('12 months').click();
    await mauTable(page).getByRole('row', { name: 'Freight' }).waitFor();
    expect(await Promise.all(names.map(lookOf))).toEqual(before);
    expect(before).not.toContain(await lookOf('Freight'));
  });

  it('are shown with the maximum of the license, and the person can hide the maximum', async () => {
    const { page } = await signIn('chika@lantern.example');
    await graph(page).waitFor();
    expect(await page.getByRole('checkbox', { name: 'Alert threshold' }).count()).toBe(0);
    expect(await linesIn(page)).toContain(MAXIMUM);

    await page.getByRole('checkbox', { name: `${MAXIMUM}: 20` }).uncheck();
    await expect.poll(() => linesIn(page)).not.toContain(MAXIMUM);
  });

  it('are accessible in each language and theme', async () => {
    const person = await signIn('bruno@meridian.example');
    await expectAccessible(service, person, [
      async ({ page }) => {
        await page.goto('/?months=12');
        await page.getByRole('application').waitFor();
        await settled(page);
      },
    ]);
  });

  it('are replaced by a link to register an RP if there is no RP', async () => {
    const person = await signIn('emi@blankcanvas.example');
    const { page } = person;
    await block(page).getByText('Nothing to show yet: no RP is registered.').waitFor();
    expect(await mauTable(page).count()).toBe(0);
    await expectAccessible(service, person, [
      async (other) => {
        await other.page.goto('/');
        await settled(other.page);
      },
    ]);

    await block(page).getByRole('link', { name: 'Register an RP' }).click();
    await page.getByRole('heading', { level: 1, name: 'RPs' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/rps');
  });
});

describeInBrowser('the MAU figures of a new customer', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  /** Signs up a customer with a license for many RPs. */
  async function newCustomer(): Promise<Person> {
    const person = await signUp(service);
    const { customer } = (await person.call('GET /v1/customer')).body as { customer: { id: string } };
    await service.operate({
      command: 'set-license',
      customerId: customer.id,
      type: 'enterprise',
      endsAt: new Date(Date.now() + 300 * 24 * 60 * 60 * 1_000).toISOString(),
      maxMau: 50,
    });
    return person;
  }

  it('are replaced by an explanation until the first user is counted', async () => {
    const person = await newCustomer();
    const { page } = person;
    const rp = await newRp(service, person, 'shop.example.com', 'Shop');
    await page.reload();
    await block(page).getByText('Nobody was active in the last 3 months.').waitFor();
    expect(await block(page).innerText()).toContain('POST /v1/rp/operations');
    expect(await block(page).getByRole('link', { name: 'RPs and their API keys' }).getAttribute('href')).toBe('/rps');

    await rp.authenticate(userIds(1));
    await block(page).getByRole('button', { name: 'Refresh' }).click();
    await expect.poll(() => tableIn(page)).toEqual({ Total: ['1', '–', '–'], 'shop.example.com': ['1', '–', '–'] });
    // The lines of the total and of the RP have a point in the current month, and gaps before it.
    expect(await graph(page).locator('.recharts-line-dots path').count()).toBe(2);
  });

  it('are shown in one row for all removed RPs that the response does not list', async () => {
    const person = await newCustomer();
    const { page } = person;
    const rp = await newRp(service, person, 'shop.example.com', 'Shop');
    await rp.authenticate(userIds(1));
    await page.route('**/v1/customer/mau*', async (route) => {
      const response = await route.fetch();
      const view = (await response.json()) as object;
      await route.fulfill({ response, json: { ...view, otherRemovedRps: [0, 4, 2] } });
    });
    await page.reload();
    await expect.poll(() => tableIn(page)).toMatchObject({ 'Other removed RPs': ['2', '4', '0'] });
  });

  it('show how many users were measured and how many reported, if a user was measured in one of the months', async () => {
    const person = await newCustomer();
    const { page } = person;
    const rp = await newRp(service, person, 'shop.example.com', 'Shop');
    await rp.authenticate(userIds(3));
    await page.reload();
    await expect.poll(async () => Object.keys(await tableIn(page))).toEqual(['Total', 'shop.example.com']);
    expect(await block(page).getByText('Measured here').count()).toBe(0);

    const view = async () => {
      const { rps, total, ...rest } = await mauOf(person, 3);
      const measured = [0, 0, 2];
      return { ...rest, rps: rps.map((each) => ({ ...each, measured })), total, measuredTotal: measured };
    };
    await page.route('**/v1/customer/mau*', async (route) => route.fulfill({ json: await view() }));
    await page.reload();
    await expect.poll(() => tableIn(page)).toEqual(tableFor(await view()));
    expect(await tableIn(page)).toEqual({
      Total: ['3', '–', '–'],
      'Measured here': ['2', '–', '–'],
      'Reported by RPs': ['1', '–', '–'],
      'shop.example.com': ['3', '–', '–'],
    });
    await block(page)
      .getByText(/Both count and cost the same/)
      .waitFor();
    await expectAccessible(service, person, [
      async (other, say) => {
        await other.page.route('**/v1/customer/mau*', async (route) => route.fulfill({ json: await view() }));
        await other.page.goto('/');
        await block(other.page)
          .or(other.page.getByRole('region', { name: 'MAU情報' }))
          .getByRole('rowheader', { name: say({ en: 'Measured here', ja: '本サービスで計測' }) })
          .waitFor();
        await other.page.waitForLoadState('networkidle');
      },
    ]);
  });

  it('are drawn for the five RPs with the most MAU, and the person can add lines for up to 20 RPs', async () => {
    const person = await newCustomer();
    const { page } = person;
    for (let number = 1; number <= 25; number += 1) {
      const rp = await newRp(service, person, `brand-${number}.example.com`, `Brand ${number}`);
      if (number > 18) await rp.authenticate(userIds(number - 18));
    }
    await page.reload();
    await graph(page).waitFor();
    const box = (number: number) => page.getByRole('checkbox', { name: `brand-${number}.example.com` });
    const isDisabled = (number: number) => box(number).isDisabled();
    const rows = async () => Object.keys(await tableIn(page)).length - 1;
    const mostFirst = ['Brand 21', 'Brand 22', 'Brand 23', 'Brand 24', 'Brand 25'];
    await expect.poll(() => linesIn(page)).toEqual(['Total', ...mostFirst, MAXIMUM]);
    await expect.poll(rows).toBe(10);

    const search = page.getByRole('searchbox', { name: 'Find an RP' });
    await search.fill('ＢＲＡＮＤ-17');
    await expect.poll(rows).toBe(1);
    await box(17).check();
    await search.fill('');
    await expect.poll(() => linesIn(page)).toEqual(['Total', 'Brand 17', ...mostFirst, MAXIMUM]);
    await expect.poll(rows).toBe(11);
    // When the person hides the line again, the row of the RP stays in the table, and its checkbox keeps the focus.
    await box(17).press('Space');
    await expect.poll(rows).toBe(11);
    expect(await box(17).and(page.locator(':focus')).count()).toBe(1);
    await box(17).press('Space');

    await block(page).getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => tableIn(page)).toEqual(tableFor(await mauOf(person, 3)));
    for (let number = 1; number <= 14; number += 1) {
      await expect.poll(() => isDisabled(number)).toBe(false);
      await box(number).check();
    }
    // The total, 20 RPs and the maximum.
    await expect.poll(() => linesIn(page)).toHaveLength(22);
    await block(page).getByText('The graph shows at most 20 RPs at once').waitFor();
    expect([await isDisabled(15), await isDisabled(25)]).toEqual([true, false]);
    await box(25).uncheck();
    await expect.poll(() => isDisabled(15)).toBe(false);
  });

  it('are replaced by an error with the request ID and a Retry button if the API fails', async () => {
    const { page, problems } = await newCustomer();
    // Waits until the first request for the figures has succeeded, because `page.route` must answer only the requests
    // after the reload.
    await block(page).getByText('Nothing to show yet').waitFor();
    const route = '**/v1/customer/mau?*';
    await page.route(route, (request) =>
      request.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        json: { type: '/problems/internal', status: 500, title: 'Internal', requestId: 'request-17' },
      }),
    );
    await page.reload();
    const failure = block(page).getByRole('alert');
    await failure.waitFor();
    expect(await failure.innerText()).toContain('request-17');
    await block(page).getByRole('radiogroup', { name: 'Months shown' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(1);

    await page.unroute(route);
    await failure.getByRole('button', { name: 'Retry' }).click();
    await block(page).getByText('Nothing to show yet').waitFor();
    await expect.poll(() => failure.count()).toBe(0);
    // The block prefetches the figures while it loads the Customer view (the response to `GET /v1/customer`). If the
    // prefetch fails before the Customer view is loaded, the block requests the figures once more. So the browser logs
    // one or two errors.
    const taken = problems.take();
    expect(taken.filter((problem) => !problem.includes('500'))).toEqual([]);
    expect([1, 2]).toContain(taken.length);
  });

  it('are missing if the browser cannot load the code of the graph, but the summary has this month’s MAU', async () => {
    const person = await newCustomer();
    const { page, problems } = person;
    await (await newRp(service, person, 'shop.example.com', 'Shop')).authenticate(userIds(2));
    await page.route('**/graph-and-table-*.js', (request) => request.abort());
    await page.reload();
    await block(page).getByText('This part could not be loaded.').waitFor();
    expect(await page.getByRole('region', { name: 'Summary' }).locator('strong').first().innerText()).toBe('2');
    expect(problems.take().filter((problem) => !problem.includes('graph-and-table'))).toEqual([]);
  });
});

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const settled = (page: Page) => page.waitForLoadState('networkidle');
