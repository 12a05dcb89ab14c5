import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureOpening } from '../../bench/console-opening.ts';
import type { CustomerView } from '../../functions/contract/customers.ts';
import type { Plan } from '../../functions/contract/service.ts';
import { demoCustomers } from '../../local/demo/demo-customers.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { describeInBrowser } from './support/chromium.ts';
import { dateTime, monthName } from './support/date-time.ts';
import { expectFocusOn, expectWrong } from './support/forms.ts';
import { held } from './support/held.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { mauOf } from './support/mau.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, signUp, visitBy, type Person } from './support/people.ts';
import { newRp, userIds } from './support/rps.ts';
import { waitForReason } from './support/reasons.ts';

const DAY = 24 * 60 * 60_000;

describeInBrowser('the Customer screen', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart({ demo: true });
  });
  afterAll(() => service.stop());

  const viewOf = async ({ call }: Person) => (await call('GET /v1/customer')).body as CustomerView;
  const block = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  /**
   * Returns the value that a block shows next to the label `name`. Replaces white space with plain spaces, because ICU
   * formats times with several kinds of spaces.
   */
  const fact = async (within: Locator, name: string) => {
    const row = within.locator('div', { has: within.page().getByText(name, { exact: true }) }).last();
    return (await row.getByRole('definition').innerText()).replaceAll(/\s+/g, ' ');
  };
  const number = (value: number) => new Intl.NumberFormat('en').format(value);
  const bar = async (within: Locator, name: string | RegExp) =>
    within.getByRole('progressbar', { name }).getAttribute('aria-valuetext');
  const addAdministrator = async (
    { call }: Person,
    name: string,
    privilege: 'administrator' | 'privileged',
  ): Promise<string> => {
    const email = newEmail();
    expect((await call('POST /v1/administrators', { name, email, privilege })).status).toBe(201);
    return email;
  };

  /** Checks the summary, which a window of 1280 × 800 shows without scrolling. */
  async function expectSummary(person: Person, { license, mauAlert, month }: CustomerView): Promise<void> {
    const summary = block(person.page, 'Summary');
    const { expectedMau, total } = await mauOf(person, 3);
    const says = (await summary.innerText()).replaceAll(/\s+/g, ' ');
    expect(says).toContain(`MAU in ${monthName(month.month)} so far ${number(license.mauThisMonth)} `);
    expect(says).toContain(expectedMau ? `About ${number(expectedMau.mau)} ` : 'Too early to say');
    expect(says).toMatch(/\d+ days? left, until /);
    const threshold = mauAlert.threshold === null ? '' : number(mauAlert.threshold);
    expect(says).toContain(mauAlert.enabled ? `MAU alert On, above ${threshold} MAU` : 'MAU alert Off');
    expect(says.toLowerCase()).toContain(`plan ${license.type}`);
    const [used, max] =
      license.type === 'free'
        ? [license.registeredUsers, license.maxRegisteredUsers]
        : [license.mauThisMonth, license.maxMau];
    const state = [
      [used > max, 'Above the maximum'],
      [used === max, 'Maximum reached'],
      [used >= 0.8 * max, 'Near the maximum'],
      [true, 'Within the maximum'],
    ].find(([holds]) => holds);
    expect(says).toContain(state?.[1]);
    if (license.type !== 'free' && license.overageMau > 0) expect(says).toContain(`$${license.overageFee.amount}`);
    const bars = await summary.getByRole('list', { name: 'MAU by month' }).getByRole('listitem').allInnerTexts();
    expect(bars.map((bar) => bar.split(': ')[1])).toEqual(total.map(number));
    const box = await summary.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? Infinity)).toBeLessThanOrEqual(800);
  }

  describe('shows the license that the API returns for the demo customer', () => {
    it.each(demoCustomers.map(({ name, representative }) => [name, representative] as const))(
      '%s',
      async (name, { email, name: representative }) => {
        await service.requestDemoLink(email);
        const person = await visitBy(service, email);
        const view = await viewOf(person);
        const { license, month } = view;
        const within = block(person.page, 'License');
        await within.getByRole('definition').first().waitFor();

        expect(view.customer.name).toBe(name);
        expect(await fact(block(person.page, 'Representative'), 'Name')).toBe(representative);
        expect((await fact(within, 'Type')).toLowerCase()).toBe(`${license.type} compare plans`);
        const statuses = { active: 'Active', expired: 'Expired', 'not-started': 'Not started' };
        expect((await fact(within, 'Status')).toLowerCase()).toBe(statuses[license.status].toLowerCase());
        expect(await fact(within, 'Start')).toBe(dateTime(license.startsAt));
        expect(await fact(within, 'End')).toBe(license.endsAt === null ? 'No end date' : dateTime(license.endsAt));
        if (license.type === 'free') {
          const noteOf = (value: number, max: number) => {
            if (value === max) return '. Maximum reached';
            return value >= 0.9 * max ? `. ${number(max - value)} left` : '';
          };
          const of = (value: number, max: number) => `${number(value)} of ${number(max)}${noteOf(value, max)}`;
          expect(await bar(within, 'Registered RPs')).toBe(of(license.registeredRps, license.maxRegisteredRps));
          expect(await bar(within, 'Registered users')).toBe(of(license.registeredUsers, license.maxRegisteredUsers));
        } else {
          const { mauThisMonth, maxMau, overageMau, overageFee } = license;
          const percentage = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
          const used = `${number(mauThisMonth)} of ${number(maxMau)} (${percentage.format(mauThisMonth / maxMau)})`;
          const above = overageMau > 0 ? `. ${number(overageMau)} above the maximum` : '';
          expect(await bar(within, /^MAU in .+ so far$/)).toBe(`${used}${above}`);
          expect(await fact(within, 'MAU above the maximum')).toBe(number(overageMau));
          expect(await fact(within, 'Overage fee so far')).toBe(`$${overageFee.amount}`);
          expect(await fact(within, 'End of this month')).toBe(dateTime(month.endsAt));
          expect(await fact(within, 'Registered RPs')).toBe(number(license.registeredRps));
          expect(await fact(within, 'Registered users')).toBe(number(license.registeredUsers));
        }

        expect(await fact(within, 'Maximum number of registered RPs')).toContain(number(license.maxRegisteredRps));
        await expectSummary(person, view);

        const banner = person.page.getByRole('status').filter({ hasText: /license (ends|ended|starts) on/ });
        const endsAt = license.endsAt ?? '';
        const isSoon = license.status === 'active' && endsAt !== '' && Date.parse(endsAt) < Date.now() + 30 * DAY;
        const says = isSoon ? 'ends' : license.status === 'expired' ? 'ended' : undefined;
        const titles = (await banner.allInnerTexts()).map((text) => text.split('\n')[0]?.replaceAll(/\s+/g, ' '));
        const type = license.type.replace(/^./, (letter) => letter.toUpperCase());
        expect(titles).toEqual(says ? [`The ${type} license ${says} on ${dateTime(endsAt)}`] : []);
        if (says) await banner.getByText('cannot add RPs, users or API keys').waitFor();
      },
    );
  });

  it('requests the session first, and then loads all blocks at the same time from the same Lambda function', async () => {
    const { page } = await signUp(service);
    const { waves, functions } = await measureOpening(page);

    expect(waves.map((names) => names.toSorted())).toEqual([
      ['get-session'],
      ['get-customer', 'get-mau', 'list-statements'],
      // The first steps of a new customer.
      ['list-administrators', 'list-rps'],
    ]);
    expect(functions).toEqual(['console']);
  });

  it('lists the first steps of a new customer, and ticks a step by itself when it is done', async () => {
    const person = await signUp(service);
    const { page } = person;
    await page.clock.install();
    await page.reload();
    const steps = block(page, 'First steps').getByRole('listitem');
    const states = async () => (await steps.allInnerTexts()).map((step) => /(Open|Done):/.exec(step)?.[1]);
    await expect.poll(states).toEqual(['Open', 'Open', 'Open', 'Open', 'Open']);
    expect(await steps.getByRole('link').allInnerTexts()).toEqual([
      expect.stringMatching(/^Register an RP/),
      expect.stringMatching(/^Add a second administrator/),
    ]);

    const rp = await newRp(service, person, 'shop.example.com', 'Shop');
    await rp.authenticate(userIds(1));
    await addAdministrator(person, 'Second', 'privileged');
    const summary = block(page, 'Summary');
    expect(await summary.locator('strong').first().innerText()).toBe('0');
    // An open tab reads the numbers again once a minute.
    await page.clock.fastForward('01:01');
    await expect.poll(() => summary.locator('strong').first().innerText()).toBe('1');
    await page.reload();
    await expect.poll(states).toEqual(['Done', 'Done', 'Done', 'Open', 'Done']);
  });

  it('shows a banner until the license starts', async () => {
    const person = await signUp(service);
    const { startsAt } = (await viewOf(person)).license;
    await service.setClock(new Date(Date.now() - 60_000).toISOString());
    try {
      await person.page.reload();
      const banner = person.page.getByRole('status').filter({ hasText: 'license starts on' });
      expect((await banner.innerText()).replaceAll(/\s+/g, ' ')).toContain(
        `The Free license starts on ${dateTime(startsAt)} Until the license starts, you cannot add RPs, users or API keys.`,
      );
      expect((await viewOf(person)).license.status).toBe('not-started');
    } finally {
      await service.resetClock();
    }
  });

  it('announces the next license, and also shows a banner if the next license starts within 30 days', async () => {
    const person = await signUp(service);
    const { id: customerId } = (await viewOf(person)).customer;
    const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
    const within = person.page.getByRole('region', { name: 'License' });
    const banner = person.page.getByRole('status').filter({ hasText: 'license' });
    /** Sets a license, reloads the screen, and returns the texts about licenses. By default, the license starts now. */
    const says = async (license: { type: string; startsAt?: string; endsAt: string }) => {
      expect(await service.operate({ command: 'set-license', customerId, ...license })).toHaveProperty('result');
      await person.page.reload();
      const next = await fact(within, 'Next license');
      return { banner: (await banner.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')), next };
    };
    const [soon, later, end] = [inDays(29), inDays(40), inDays(400)];
    expect(await says({ type: 'enterprise', startsAt: later, endsAt: end })).toEqual({
      banner: [],
      next: `Enterprise with ${number(100_000)} MAU included, from ${dateTime(later)}`,
    });
    const next = `Business with ${number(10_000)} MAU included, from ${dateTime(soon)}`;
    const starts = (present: string) =>
      `The Business license starts on ${dateTime(soon)} Until that day, the ${present} license applies.`;
    expect(await says({ type: 'business', startsAt: soon, endsAt: later })).toEqual({ banner: [starts('Free')], next });

    // This license ends a day before the next license starts, so for a day the customer can register nothing.
    const { banner: ends } = await says({ type: 'starter', endsAt: inDays(28) });
    expect(ends).toHaveLength(1);
    expect(ends[0]).toMatch(
      /^The Starter license ends on .* After the license ends, you cannot add RPs, users or API keys\./,
    );
    expect(ends[0]).toContain(`The Business license follows on ${dateTime(soon)}.`);
    // This license ends a day after the next license starts, so there is no gap between the licenses.
    expect(await says({ type: 'starter', endsAt: inDays(30) })).toEqual({ banner: [starts('Starter')], next });
  });

  it('compares the plans, and shows whom to contact to change the plan', async () => {
    const person = await signUp(service);
    const { items, contact } = (await person.call('GET /v1/plans')).body as { items: Plan[]; contact: string };
    await person.page.getByRole('button', { name: 'Compare plans' }).click();
    const table = person.page.getByRole('dialog', { name: 'Plans' }).getByRole('table');
    await table.getByRole('rowheader', { name: 'Free yours' }).waitFor();
    const link = person.page.getByRole('dialog', { name: 'Plans' }).getByRole('link', { name: contact });
    expect(await link.getAttribute('href')).toBe(`mailto:${contact}`);

    const rows = await table.getByRole('row').allInnerTexts();
    expect(rows.slice(1).map((row) => row.toLowerCase().split(/\s*\t\s*/))).toEqual(
      items.map(({ type, forWhom, maxRegisteredRps, maxRegisteredUsers, maxMau, overageFeePerMau }) => [
        type === 'free' ? 'free\nyours' : type,
        forWhom.toLowerCase(),
        number(maxRegisteredRps),
        maxRegisteredUsers === null ? 'no maximum' : number(maxRegisteredUsers),
        maxMau === null ? 'no maximum' : number(maxMau),
        overageFeePerMau === null ? 'none' : `$${overageFeePerMau.amount}`,
      ]),
    );
  });

  it('lets a person edit the customer information, shows each error next to its field and keeps the input', async () => {
    const person = await signUp(service);
    const { page } = person;
    const before = await viewOf(person);
    await block(page, 'Customer information').getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the customer information' });
    await dialog.getByLabel('Name').fill('   ');
    await dialog.getByLabel('Address').fill('40 Station Road\nBristol');
    await dialog.getByLabel('Phone number').fill('☎ 117');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expectWrong(dialog.getByLabel('Name'), 'Must not be empty');
    await dialog.getByLabel('Name').fill('Meridian Rail');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expectWrong(dialog.getByLabel('Phone number'), 'Must consist of digits, letters, spaces and + - ( ) . / #');
    expect(await dialog.getByLabel('Address').inputValue()).toBe('40 Station Road\nBristol');
    expect(await viewOf(person)).toEqual(before);

    await page.route('**/v1/customer', (route) => route.abort());
    await dialog.getByLabel('Phone number').fill('+44 117');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').getByText('The service did not respond. Check your connection.').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).and(page.locator(':focus')).waitFor();
    expect(person.problems.take()).toEqual([expect.stringContaining('net::ERR_FAILED')]);
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Meridian Rail');
    await page.unroute('**/v1/customer');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Saved').waitFor();
    await dialog.waitFor({ state: 'detached' });

    const after = await viewOf(person);
    expect(after.customer).toEqual({
      ...before.customer,
      ...{ name: 'Meridian Rail', address: '40 Station Road\nBristol', phoneNumber: '+44 117' },
      version: before.customer.version + 1,
    });
    const information = block(page, 'Customer information');
    expect(await fact(information, 'Name')).toBe('Meridian Rail');
    expect(await information.getByText('40 Station Road').innerText()).toBe('40 Station Road\nBristol');
  });

  it('does not overwrite another administrator’s change until the person has seen the change and saves again', async () => {
    const alice = await signUp(service);
    const bob = await visitBy(service, await addAdministrator(alice, 'Bob Bauer', 'privileged'));
    const { page } = alice;
    await block(page, 'Customer information').getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Of Alice');
    const { customer } = await viewOf(bob);
    const byBob = await bob.context.request.patch('/v1/customer', {
      data: { name: 'Of Bob', address: 'Here' },
      headers: { 'if-match': `"${customer.version}"` },
    });
    expect(byBob.status()).toBe(200);

    await dialog.getByRole('button', { name: 'Save' }).click();
    const alert = dialog.getByRole('alert');
    await alert.getByText('Someone else changed this at the same time').waitFor();
    await alert.getByText('Of Bob').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Of Alice');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' });
    expect(await accessibilityFaults(page)).toEqual([]);
    expect((await viewOf(bob)).customer).toMatchObject({ name: 'Of Bob', address: 'Here', version: 2 });
    expect(await fact(block(page, 'Customer information'), 'Name')).toBe('Of Bob');

    // The fields that Alice did not edit now show Bob's values. Bob saved another name, so restoring the original name
    // is a change.
    expect(await dialog.getByLabel('Address').inputValue()).toBe('Here');
    await dialog.getByLabel('Name').fill(customer.name);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await viewOf(bob)).customer).toMatchObject({ name: customer.name, address: 'Here', version: 3 });
  });

  it('explains to keyboard users why a button is disabled', async () => {
    const alice = await signUp(service);
    const bob = await visitBy(service, await addAdministrator(alice, 'Bob Bauer', 'administrator'));
    for (const [name, button, reason] of [
      ['Customer information', 'Edit', 'Only privileged administrators can edit this.'],
      ['Representative', 'Change', 'Only privileged administrators can change the representative.'],
      ['Unsubscribe', 'Unsubscribe', 'Only the representative can unsubscribe: Alice Arai.'],
    ] as const) {
      const closed = block(bob.page, name).getByRole('button', { name: button, description: reason });
      await closed.focus();
      // Moves the focus with the keyboard, because a mouse click on the button does not show the reason.
      await bob.page.keyboard.press('Shift+Tab');
      await bob.page.keyboard.press('Tab');
      await bob.page.locator('button:focus', { hasText: button }).waitFor();
      expect(await closed.getAttribute('aria-disabled')).toBe('true');
      await waitForReason(bob.page, reason);
      await bob.page.keyboard.press('Enter');
      expect(await bob.page.getByRole('dialog').count()).toBe(0);
    }
  });

  it('lets the representative choose another active administrator as the new representative, and notifies both people', async () => {
    const alice = await signUp(service);
    const { page } = alice;
    const representative = block(page, 'Representative');
    await representative.getByRole('button', { name: 'Change' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change the representative' });
    await dialog.getByText('There is no other active administrator').waitFor();
    await dialog.getByRole('link', { name: 'Go to the administrators' }).click();
    await page.getByRole('heading', { level: 1, name: 'Administrators' }).waitFor();

    const email = await addAdministrator(alice, 'Bob Bauer', 'administrator');
    const bob = await visitBy(service, email);
    await addAdministrator(alice, 'Never Came', 'privileged');
    const carol = await addAdministrator(alice, 'Carol Cole', 'privileged');
    const [, token] = (await service.linkTo(carol)).split('#token=');
    await service.send('POST /v1/sessions', { token }); // without a passkey
    const mails = async () => Promise.all([alice.email, email].map(async (to) => (await service.mailsTo(to)).length));
    const before = await mails();
    await page.goto('/');
    await representative.getByRole('button', { name: 'Change' }).click();
    await dialog.getByRole('radio').first().waitFor();
    expect(await dialog.getByRole('radio').count()).toBe(2);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByText('Choose an administrator').waitFor();
    // A toast must never cover a button of a dialog.
    const layerOf = (part: string): Promise<number> =>
      page.evaluate(`Number(getComputedStyle(document.querySelector('.mantine-${part}')).zIndex)`);
    expect(await layerOf('Notifications-root')).toBeLessThan(await layerOf('Modal-inner'));
    await dialog.getByRole('radio', { name: 'Carol Cole' }).check();
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByRole('heading', { name: 'Carol Cole has no passkey yet' }).waitFor();
    await dialog.getByRole('button', { name: 'Send Carol Cole a link' }).click();
    await dialog.getByText('The e-mail is on its way. After Carol Cole has registered a passkey').waitFor();
    await expect.poll(async () => (await service.linkTo(carol)).endsWith(token ?? '')).toBe(false);
    await dialog.getByRole('button', { name: 'Continue without a passkey' }).click();
    await dialog.getByText('Alice Arai stays a privileged administrator.').waitFor();
    expect(await dialog.getByText('becomes a privileged administrator').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog.getByRole('radio', { name: 'Bob Bauer' }).check();
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByRole('heading', { name: 'Make Bob Bauer the representative?' }).waitFor();
    await dialog.getByText('only Bob Bauer can unsubscribe').waitFor();
    await dialog.getByText('Bob Bauer becomes a privileged administrator.').waitFor();
    await dialog.getByRole('button', { name: 'Back' }).click();
    expect(await dialog.getByRole('radio', { name: 'Bob Bauer' }).isChecked()).toBe(true);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    expect((await viewOf(alice)).representative.name).toBe('Alice Arai');
    await dialog.getByRole('button', { name: 'Change the representative' }).click();
    await page.getByRole('alert').getByText('Bob Bauer is now the representative').waitFor();

    expect(await fact(representative, 'Name')).toBe('Bob Bauer');
    expect((await viewOf(bob)).representative).toMatchObject({ name: 'Bob Bauer', email });
    expect((await viewOf(bob)).permissions).toMatchObject({ editCustomer: true, unsubscribe: true });
    const reason = block(page, 'Unsubscribe').getByText('Only the representative can unsubscribe: Bob Bauer.');
    await reason.filter({ visible: true }).waitFor();
    await expect.poll(mails).toEqual(before.map((count) => count + 1));
    for (const to of [alice.email, email]) {
      expect((await service.mailsTo(to)).at(-1)?.text).toContain(
        '“Bob Bauer” is now the representative of “Example Corporation”',
      );
    }
  });

  it('asks the person for a second confirmation if someone else changes the representative while the dialog is open', async () => {
    const alice = await signUp(service);
    const bob = await visitBy(service, await addAdministrator(alice, 'Bob Bauer', 'privileged'));
    const carol = await visitBy(service, await addAdministrator(alice, 'Carol Costa', 'administrator'));
    const dialog = alice.page.getByRole('dialog');
    await block(alice.page, 'Representative').getByRole('button', { name: 'Change' }).click();
    await dialog.getByRole('radio', { name: 'Carol Costa' }).check();
    await dialog.getByRole('button', { name: 'Continue' }).click();
    const own = (await bob.call('GET /v1/sessions/current')).body as { administrator: { id: string } };
    const { customer } = await viewOf(bob);
    await bob.context.request.put('/v1/customer/representative', {
      data: { administratorId: own.administrator.id },
      headers: { 'if-match': `"${customer.version}"` },
    });

    await dialog.getByRole('button', { name: 'Change the representative' }).click();
    await dialog.getByRole('alert').getByText('Bob Bauer').waitFor();
    expect((await viewOf(carol)).representative.name).toBe('Bob Bauer');
    await dialog.getByRole('button', { name: 'Change the representative' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await viewOf(carol)).representative.name).toBe('Carol Costa');
  });

  it('warns if e-mails to the representative are not delivered', async () => {
    const person = await signUp(service);
    await person.page.route('**/v1/customer', async (route) => {
      const response = await route.fetch();
      const view = (await response.json()) as CustomerView;
      const representative = { ...view.representative, undeliverable: true };
      await route.fulfill({ response, json: { ...view, representative } });
    });
    await person.page.reload();
    await block(person.page, 'Representative').getByText('E-mails to this address are not delivered').waitFor();
    await block(person.page, 'MAU alert').getByText('E-mails to this address are not delivered.').waitFor();
  });

  it('shows an error with the request ID and a Retry button only in the blocks that fail', async () => {
    const person = await signUp(service);
    const { page } = person;
    const problem = { type: '/problems/internal', status: 500, title: 'Something went wrong here', requestId: 'req-7' };
    await page.route('**/v1/customer', (route) => route.fulfill({ status: 500, json: problem }));
    await page.reload();
    const information = block(page, 'Customer information');
    await information.getByText('Something went wrong. Try again later.').waitFor();
    await information.getByText('Request ID: req-7').waitFor();
    await block(page, 'Statements of closed months').getByText('No month is closed yet.').waitFor();

    await page.unrouteAll({ behavior: 'wait' });
    // The blocks Unsubscribe and Representative use the same query, so a click on one Retry button loads both blocks.
    // The focus stays in the block in which the person clicked Retry.
    await block(page, 'Unsubscribe').getByRole('button', { name: 'Retry' }).click();
    expect(await fact(block(page, 'Representative'), 'Name')).toBe('Alice Arai');
    await expectFocusOn(page, 'Unsubscribe');
    for (const noted of person.problems.take()) expect(noted).toContain('status of 500');
  });

  it('shows an error in each block that got an unexpected response, and loads the block again when the person clicks Retry', async () => {
    const { page, problems } = await signUp(service);
    const unexpected = 'The service sent an unexpected response.';
    await page.route('**/v1/customer', (route) => route.fulfill({ json: {} }));
    await page.route('**/v1/customer/statements?*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<p>' }),
    );
    await page.reload();
    const titles = ['Customer information', 'License', 'Unsubscribe', 'Statements of closed months'];
    for (const title of titles) await block(page, title).getByRole('alert').getByText(unexpected).waitFor();
    // The RPs page reads the license from the response to `GET /v1/customer`, so the RPs page shows an error too.
    await page.getByRole('link', { name: 'RPs', exact: true }).click();
    await page.getByRole('alert').getByText(unexpected).waitFor();
    await page.getByRole('link', { name: 'Customer' }).click();
    await block(page, 'License').getByText(unexpected).waitFor();
    await page.unroute('**/v1/customer');
    await page.route('**/v1/customer/mau?*', (route) => route.fulfill({ json: {} }));
    await block(page, 'License').getByRole('button', { name: 'Retry' }).click();
    expect(await fact(block(page, 'Representative'), 'Name')).toBe('Alice Arai');
    await expectFocusOn(page, 'License');

    const mau = block(page, 'MAU information');
    await mau.getByText(unexpected).waitFor();
    await block(page, 'Summary').getByText(unexpected).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await mau.getByRole('button', { name: 'Retry' }).click();
    await mau.getByText('Nothing to show yet').waitFor();
    await block(page, 'Summary').getByText('Within the maximum').waitFor();
    await page.route('**/v1/sessions/current', (route) => route.fulfill({ json: {} }));
    await page.reload();
    await page.getByRole('heading', { name: 'The console could not be opened' }).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByRole('button', { name: 'Retry' }).click();
    await block(page, 'License').getByText('Active', { exact: true }).waitFor();
    for (const noted of problems.take()) expect(noted).toMatch(/^Console: TypeError/);
  });

  it('says that the service is busy after a 429 or 504 response from API Gateway, and shows the request ID', async () => {
    const { page, problems } = await signUp(service);
    const asked: number[] = [];
    let status = 429;
    await page.route('**/v1/customer', (route) => {
      asked.push(status);
      return route.fulfill({ status, json: { message: 'Wait' }, headers: { 'apigw-requestid': `gateway-${status}` } });
    });
    await page.reload();
    const alert = block(page, 'License').getByRole('alert');
    await alert.getByText('The service is busy. Try again in a moment.').waitFor();
    await alert.getByText('Request ID: gateway-429').waitFor();
    status = 504;
    await alert.getByRole('button', { name: 'Retry' }).click();
    await alert.getByText('Request ID: gateway-504').waitFor();
    // The console does not retry after a 429 response, but another block that loads later may send the same request.
    expect(asked.filter((each) => each === 429).length).toBeLessThan(3);
    expect(asked.filter((each) => each === 504).length).toBeGreaterThanOrEqual(3);
    await page.goto('about:blank');
    for (const noted of problems.take()) expect(noted).toMatch(/429|504/);
  });

  it('keeps a dialog open until the change is saved, and shows an error if saving fails', async () => {
    const { page, problems } = await signUp(service);
    await block(page, 'Customer information').getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Meridian Rail');
    const hold = await held(page, '**/v1/customer', 'PATCH');
    await dialog.getByRole('button', { name: 'Save' }).click();
    for (const name of ['Cancel', 'Close']) {
      expect(await dialog.getByRole('button', { name }).isDisabled(), name).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.mouse.click(20, 400);
    hold.release(500);
    await dialog.getByRole('alert').getByText('Request ID: req-held').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Meridian Rail');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(problems.take()).toHaveLength(1);
  });

  it('is accessible, including the dialogs, in each language and theme', LOOKING, async () => {
    const texts = {
      edit: { en: 'Edit', ja: '編集' },
      phoneNumber: { en: 'Phone number', ja: '電話番号' },
      save: { en: 'Save', ja: '保存' },
      digits: { en: 'Must consist of digits', ja: '数字、英字、空白' },
      change: { en: 'Change', ja: '変更' },
      next: { en: 'Continue', ja: '次へ' },
      mustChoose: { en: 'Choose an administrator', ja: '管理者を選択してください' },
      back: { en: 'Back', ja: '戻る' },
    };
    const alice = await signUp(service);
    await visitBy(service, await addAdministrator(alice, 'Bob Bauer', 'privileged'));
    const withEnd = { type: 'business', endsAt: new Date(Date.now() + 10 * DAY).toISOString(), maxMau: 10 };
    const { customer } = await viewOf(alice);
    await service.operate({ command: 'set-license', customerId: customer.id, ...withEnd });
    await expectAccessible(service, alice, [
      async ({ page }) => {
        await page.goto('/');
        await page.getByRole('status').filter({ hasText: 'Business' }).waitFor();
        await expect.poll(() => page.locator('[aria-busy]').count(), { timeout: 30_000 }).toBe(0);
      },
      async ({ page }, say) => {
        await page
          .getByRole('button', { name: say(texts.edit) })
          .first()
          .click();
        await page.getByRole('dialog').getByLabel(say(texts.phoneNumber)).fill('☎');
        await page.getByRole('button', { name: say(texts.save) }).click();
        await page.getByText(say(texts.digits)).waitFor();
      },
      async ({ page }, say) => {
        await page.goto('/');
        await page.getByRole('button', { name: say(texts.change) }).click();
        await page.getByRole('button', { name: say(texts.next) }).click();
        await page.getByText(say(texts.mustChoose)).waitFor();
      },
      async ({ page }, say) => {
        await page.getByRole('radio', { name: 'Bob Bauer' }).check();
        await page.getByRole('button', { name: say(texts.next) }).click();
        await page.getByRole('button', { name: say(texts.back) }).waitFor();
      },
    ]);
  });
});
