import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { addOperator, visitByOperator } from './support/operators.ts';
import { ELSEWHERE, newEmail, signUp } from './support/people.ts';
import { visit } from './support/visit.ts';

const NEW_LINK = "npm run --silent operator -- operators link '<email>'";

/** A function for the browser. Returns the last character of each line but the last of the cell with the text. */
const ENDS_OF_LINES = `(text) => {
  const element = [...document.querySelectorAll('td')].find((cell) => cell.textContent.includes(text));
  const characters = [];
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: node } = texts;
    for (let index = 0; index < node.length; index += 1) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + 1);
      characters.push({ character: node.data[index], top: range.getBoundingClientRect().top });
    }
  }
  return characters
    .filter(({ top }, index) => top < (characters[index + 1]?.top ?? top))
    .map(({ character }) => character);
}`;

const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const withPasskey = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' });
const signsIn = (page: Page) => title(page, 'Sign in as an operator').waitFor();
async function signOut(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Account of ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

describeInBrowser('signing in to the operators’ pages', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  it('works with the passkey that the link of the command line registered, until the operator signs out', async () => {
    const { page, context, authenticator } = await visit({ url: service.url });
    const link = await addOperator(service);
    await page.goto(link);
    await title(page, 'Register your passkey').waitFor();
    await page.getByText('The link works once, and only within an hour of its creation.').waitFor();
    expect(page.url()).toBe(`${service.url}/operator/register`);
    await page.getByRole('button', { name: 'Register a passkey' }).click();
    await page.getByRole('status').getByText('Your passkey is registered. Sign in with it now.').waitFor();
    expect(await authenticator.credentials()).toMatchObject([{ rpId: 'localhost', isResidentCredential: true }]);
    expect((await context.request.get('/v1/operator/sessions/current')).status()).toBe(401);
    await withPasskey(page).click();

    await title(page, 'Overview').waitFor();
    await page.getByRole('banner').getByText('Operator', { exact: true }).waitFor();
    expect(await page.title()).toBe('Overview – Operator – FIDO2 Server Service');
    await signOut(page, 'Olga Ota');
    await signsIn(page);
    expect(await page.getByRole('status').count()).toBe(0);
    expect((await context.request.get('/v1/operator/sessions/current')).status()).toBe(401);

    await page.goto(link);
    await page.getByRole('button', { name: 'Register a passkey' }).click();
    await page.getByRole('alert').getByText('The link is invalid, expired, replaced or already used.').waitFor();
    await page.getByRole('group', { name: 'Command' }).getByText(NEW_LINK).waitFor();
    await page.getByRole('link', { name: 'Sign in with your passkey' }).click();
    await withPasskey(page).click();
    await title(page, 'Overview').waitFor();
  });

  it('refuses the passkey of an administrator, and names the command that creates a new link', async () => {
    const { page, call } = await signUp(service, ELSEWHERE);
    await page.goto('/operator');
    await page.getByText('Choose the passkey whose name ends with “(operator)”.').waitFor();
    await withPasskey(page).click();
    await page.getByRole('alert').getByText('The passkey was not accepted.').waitFor();
    await page.getByRole('button', { name: 'Copy the command' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.getByRole('group', { name: 'Command' }).innerText()).toBe(NEW_LINK);
    expect((await call('GET /v1/customer')).status).toBe(200);
    expect((await call('GET /v1/operator/overview')).status).toBe(401);
  });

  it('gives no access to a customer, and ends no administrator’s session, in the same browser', async () => {
    const { page, context, call } = await visitByOperator(service, ELSEWHERE);
    const called: string[] = [];
    page.on('request', (request) => called.push(new URL(request.url()).pathname));
    await page.goto('/operator/customers');
    await title(page, 'Customers').waitFor();
    await page.waitForLoadState('networkidle');
    expect(called.filter((path) => /^\/v1\/(?!operator\/)/.test(path))).toEqual([]);
    await page.goto('/');
    await title(page, 'Sign in').waitFor();
    expect((await call('GET /v1/customer')).status).toBe(401);

    const administrator = await signUp(service, ELSEWHERE);
    await context.addCookies(await administrator.context.cookies());
    await page.goto('/');
    await title(page, 'Customer').waitFor();
    const operatorsPage = await context.newPage();
    await operatorsPage.goto('/operator');
    await signOut(operatorsPage, 'Olga Ota');
    await signsIn(operatorsPage);
    await page.reload();
    await title(page, 'Customer').waitFor();
    expect((await call('GET /v1/customer')).status).toBe(200);
  });

  it('leads back to the page on which the session ended, and keeps nothing of it on the screen until then', async () => {
    const { page, context } = await visitByOperator(service);
    await page.goto('/operator/customers?list=fee');
    await page.getByRole('combobox', { name: 'List' }).waitFor();
    await page.waitForLoadState('networkidle');
    await context.clearCookies();
    await page.getByRole('combobox', { name: 'List' }).selectOption('Most MAU first');
    await signsIn(page);
    await page.getByRole('status').getByText('Your session has ended. Sign in again.').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    await withPasskey(page).click();
    await title(page, 'Customers').waitFor();
    expect(page.url()).toBe(`${service.url}/operator/customers?list=mau`);
  });

  it('ends in all tabs when the operator signs out in one', async () => {
    const { page, context } = await visitByOperator(service);
    const other = await context.newPage();
    await other.goto('/operator/failed-mails');
    await signOut(page, 'Olga Ota');
    await signsIn(other);
  });

  it('ends when the operator is removed, whose passkey then does not work', async () => {
    const { page, email } = await visitByOperator(service);
    expect(await service.operate({ command: 'remove-operator', email })).toHaveProperty('result');
    await page.getByRole('link', { name: 'Failed e-mails' }).click();
    await page.getByRole('status').getByText('Your session has ended. Sign in again.').waitFor();
    await withPasskey(page).click();
    await page.getByRole('alert').getByText('The passkey was not accepted.').waitFor();
    await page.getByText(/somebody who may run the command line can add you again with “operators add”\.$/).waitFor();
  });

  it('has accessible pages', LOOKING, async () => {
    const operator = await visitByOperator(service, ELSEWHERE);
    await operator.context.clearCookies();
    await expectAccessible(service, operator, [
      async ({ page }, say) => {
        await page.goto('/operator');
        await page
          .getByRole('button', { name: say({ en: 'Sign in with a passkey', ja: 'パスキーでサインイン' }) })
          .click();
        await page.getByRole('alert').waitFor();
      },
      async ({ page }, say) => {
        await page.goto('/operator/register#token=opl_unknown');
        await page.getByRole('button', { name: say({ en: 'Register a passkey', ja: 'パスキーを登録' }) }).click();
        await page.getByRole('alert').waitFor();
      },
    ]);
  });
});

describeInBrowser('the operators’ pages', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
    for (let index = 10; index < 62; index += 1) await newCustomer(`Many ${index}`);
  });
  afterAll(() => service.stop());

  /** Signs a customer up and activates it. Returns its representative's address, and its ID. */
  async function newCustomer(name: string, email = newEmail()) {
    await service.send('POST /v1/customers', { customer: { name }, representative: { name: 'Rin Rai', email } });
    const [, token] = (await service.linkTo(email)).split('#token=');
    const session = (await service.send('POST /v1/sessions', { token })) as { sessionToken: string };
    const response = await fetch(`${service.url}/v1/customer`, {
      headers: { authorization: `Bearer ${session.sessionToken}` },
    });
    const { customer } = (await response.json()) as { customer: { id: string } };
    return { email, id: customer.id };
  }
  /** Stores a summary. Tries again if the service is storing one by itself, which began before the test's changes. */
  const summarize = () => expect.poll(() => service.fire('customer-summary')).toMatchObject({ outcome: 'stored' });
  const rows = (page: Page) => page.getByRole('group', { name: 'Customers' }).getByRole('row');

  it('say that the first summary is not there yet', async () => {
    const { page } = await visitByOperator(service, ELSEWHERE);
    const none = { asOf: null, overview: null, items: [], nextCursor: null };
    await page.route(/\/v1\/operator\/(overview|customers|failed-mails)$/, (route) => route.fulfill({ json: none }));
    for (const path of ['/operator', '/operator/customers', '/operator/failed-mails']) {
      await page.goto(path);
      await page.getByRole('status').getByText('The first summary is ready within an hour.').waitFor();
      expect(await page.getByText(/No customers in this list|Other e-mails that SES refused/).count()).toBe(0);
    }
  });

  it('lead from each number to its list, and page by page to all customers', async () => {
    const { page } = await visitByOperator(service, ELSEWHERE);
    await summarize();
    await page.goto('/operator');
    await page.getByText(/^As of .* UTC\. Updated at least every hour\.$/).waitFor();
    for (const [number, list] of [
      [/New this month$/, '?list=signed-up'],
      [/Over their maximum MAU$/, '?list=over-maximum'],
      [/Expire within 30 days$/, '?list=expiring'],
      [/Leaving$/, '?list=leaving'],
      [/\d+\s*Customers$/, ''],
    ] as const) {
      await page.getByRole('link', { name: number }).click();
      await title(page, 'Customers').waitFor();
      expect(page.url()).toBe(`${service.url}/operator/customers${list}`);
      await page.goBack();
      await title(page, 'Overview').waitFor();
    }
    await page.getByRole('link', { name: /MAU alerts that failed$/ }).click();
    await title(page, 'Failed e-mails').waitFor();

    await page.goto('/operator/customers');
    await page.getByRole('link', { name: 'Many 10' }).waitFor();
    expect(await rows(page).count()).toBe(51);
    await page.getByRole('button', { name: 'Show more customers' }).click();
    await page.getByRole('link', { name: 'Many 61' }).waitFor();
    expect(await page.getByRole('button', { name: 'Show more customers' }).count()).toBe(0);
  });

  it('find customers by the start of the name, the ID and an address, and Back leads to the search', async () => {
    const { email, id } = await newCustomer('Ａcme Corporation');
    const { page } = await visitByOperator(service, ELSEWHERE);
    await summarize();
    await page.goto('/operator/customers');
    const find = async (text: string) => {
      await page.getByRole('searchbox', { name: 'Find a customer' }).fill(text);
      await page.getByRole('button', { name: 'Find', exact: true }).click();
    };
    for (const sought of ['acme c', id, email]) {
      await find(sought);
      await expect.poll(() => rows(page).count()).toBe(2);
      await rows(page).getByText(email).waitFor();
    }
    await page.getByText(/^As of .* UTC\.$/).waitFor();
    await find('acme');
    await page.getByRole('link', { name: 'Ａcme Corporation' }).click();
    await title(page, 'Ａcme Corporation').waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('acme');
    await rows(page).getByText(email).waitFor();
    await find('nobody');
    await page.getByText('No customer found.').waitFor();
    await page.getByRole('button', { name: 'Show all customers' }).click();
    await page.getByRole('link', { name: 'Many 10' }).waitFor();
  });

  it('show a customer, what the operator changed in it, and the commands that change it', async () => {
    const { email, id } = await newCustomer('Example Corporation');
    const license = { type: 'business', endsAt: '2031-01-01T00:00:00Z', maxMau: 20_000 };
    expect(await service.operate({ command: 'set-license', customerId: id, ...license })).toHaveProperty('result');
    const { page } = await visitByOperator(service, ELSEWHERE);
    await summarize();
    await page.goto('/operator/customers?list=ends');
    await page.getByRole('link', { name: 'Example Corporation' }).click();
    const block = (name: string) => page.getByRole('region', { name });
    await block('Customer information').getByText(`Rin Rai${email}`).waitFor();
    await block('License and MAU').getByText('Business').first().waitFor();
    await block('License and MAU')
      .getByRole('row', { name: /^Business Active .* 20,000/ })
      .waitFor();
    await block('License and MAU')
      .getByRole('row', { name: /^Free Past, until/ })
      .waitFor();
    await block('Statements of the last 12 closed months').getByText('No month is closed yet.').waitFor();
    await block('Activity').getByText('The operator (olga) set the license Business.').waitFor();
    await block('Activity').getByText('Rin Rai confirmed their e-mail address and activated the customer.').waitFor();
    await page.getByLabel('Month', { exact: true }).selectOption({ index: 2 });
    await block('Activity').getByText('There is no activity in this month.').waitFor();

    expect(await block('Commands').getByRole('group').allInnerTexts()).toContain(
      `npm run --silent operator -- license set ${id} --type '<plan>' --starts '<time>' --ends '<time>' --dry-run`,
    );
    await block('Commands').getByRole('button', { name: 'Copy' }).nth(1).click();
    await block('Commands').getByRole('button', { name: 'Copied' }).waitFor();

    for (const unknown of ['cus_00000000000000000000', 'unknown']) {
      await page.goto(`/operator/customers/${unknown}`);
      await title(page, 'There is no such customer').waitFor();
      expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
    }
    await page.getByRole('link', { name: 'Show all customers' }).click();
    await title(page, 'Customers').waitFor();
    await page.getByRole('combobox', { name: 'List' }).selectOption('Leaving');
    await page.getByText('No customers in this list.').waitFor();
  });

  it('say that a license has expired wherever they show it, and name the units of the MAU alert', async () => {
    const { id } = await newCustomer('Expired Corporation');
    const { page } = await visitByOperator(service, ELSEWHERE);
    await page.route(`**/v1/operator/customers/${id}`, async (route) => {
      const response = await route.fetch();
      const customer = (await response.json()) as Readonly<Record<string, unknown>>;
      const mauAlert = { enabled: true, threshold: null, levels: ['1200', '80%'], lastNotification: null };
      await route.fulfill({ response, json: { ...customer, licenseStatus: 'expired', mauAlert } });
    });
    await page.goto(`/operator/customers/${id}`);
    const license = page.getByRole('region', { name: 'License and MAU' });
    await license.getByRole('row', { name: /^Free Expired / }).waitFor();
    expect(await license.getByText('Expired', { exact: true }).count()).toBe(2);
    expect(await license.getByText('State', { exact: true }).count()).toBe(2);
    expect(await page.getByRole('region', { name: 'MAU alert' }).innerText()).toMatch(
      /Threshold\s+–\s+More levels\s+1,200 MAU\s+80%/,
    );
  });

  it('break an address on a narrow screen only after an “@” or a period', async () => {
    const { id } = await newCustomer('Narrow Corporation', 'invoices.accounting.department@corporation.example.com');
    const { page } = await visitByOperator(service, ELSEWHERE);
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`/operator/customers?search=${id}`);
    await page.getByRole('cell', { name: /invoices\.accounting/ }).waitFor();
    const ends = await page.evaluate<string[]>(`(${ENDS_OF_LINES})('invoices.accounting')`);
    // The first line is the name, Rin Rai.
    expect(ends.join('')).toMatch(/^i[@.]+$/);
  });

  it('list the addresses that e-mails do not reach', async () => {
    const { email } = await newCustomer('Bouncing Corporation');
    const mail = (await service.mailsTo(email)).at(-1);
    await service.send(`POST /_local/mail/${mail?.id ?? ''}/events`, { type: 'bounce' });
    await summarize();
    const { page } = await visitByOperator(service, ELSEWHERE);
    await page.goto('/operator/failed-mails');
    const row = page.getByRole('row', { name: new RegExp(email) });
    await row.getByText('Address undeliverable').waitFor();
    await page.getByText(/^Reach the person in another way\./).waitFor();
    await row.getByRole('link', { name: 'Bouncing Corporation' }).click();
    await title(page, 'Bouncing Corporation').waitFor();
    await page.getByText('E-mails are not delivered to this address.').waitFor();
  });

  it('are accessible in both languages, on a phone, and in the dark', LOOKING, async () => {
    const { id } = await newCustomer('A'.repeat(200));
    const operator = await visitByOperator(service, ELSEWHERE);
    await summarize();
    const shows = (path: string, heading: Readonly<Record<'en' | 'ja', string>>) =>
      (async ({ page }, say) => {
        await page.goto(path);
        await page.getByRole('heading', { level: 2, name: say(heading) }).waitFor();
        await page.waitForLoadState('networkidle');
      }) satisfies Parameters<typeof expectAccessible>[2][number];
    await expectAccessible(service, operator, [
      shows('/operator', { en: 'Fees', ja: '超過料金' }),
      shows('/operator/customers', { en: 'List', ja: '一覧' }),
      shows(`/operator/customers/${id}`, { en: 'Commands', ja: 'コマンド' }),
      shows('/operator/failed-mails', { en: 'E-mails and addresses', ja: 'メールとアドレス' }),
    ]);
  });
});
