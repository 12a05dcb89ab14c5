import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fssHeaders } from '../support/fss-client.ts';
import { describeInBrowser } from './support/chromium.ts';
import { dateTime } from './support/date-time.ts';
import { expectFocusOn, expectWrong } from './support/forms.ts';
import { held } from './support/held.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { signUp, visitAs, type Person, ELSEWHERE } from './support/people.ts';

const SHOP = { rpId: 'shop.example.com', name: 'Example Shop' };
const NEWS = { rpId: 'news.example.com', name: 'Example News' };

describeInBrowser('the RP pages of the console', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  /** Registers an RP with the API, and returns its ID. */
  const newRp = async ({ call }: Person, rp = SHOP): Promise<string> => {
    const { status, body } = await call('POST /v1/rps', rp);
    expect(status).toBe(201);
    return (body as { id: string }).id;
  };
  const rpsOf = async ({ call }: Person) => ((await call('GET /v1/rps')).body as { items: object[] }).items;
  const setLicense = async ({ call }: Person, license: object) => {
    const { customer } = (await call('GET /v1/customer')).body as { customer: { id: string } };
    await service.operate({ command: 'set-license', customerId: customer.id, ...license });
  };
  /** Calls the API as an RP's server, and returns the status and the body. */
  const callAs = async (apiKey: string, request: string, body?: object) => {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  /** Opens a tab on the page of an RP. */
  const openTab = ({ page }: Person, name: string) =>
    page.getByRole('navigation', { name: 'Tabs of the RP' }).getByRole('link', { name }).click();
  /** Creates an API key on the page of an RP, and returns the key that the page shows. */
  const createApiKey = async ({ page }: Person, name: string): Promise<string> => {
    await page.getByRole('button', { name: 'Create an API key' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    return page.getByRole('group', { name: 'API key', exact: true }).innerText();
  };

  it('open each tab of an RP at its own address, and the first tab at the address of the RP', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const id = await newRp(person);
    const tabs = page.getByRole('navigation', { name: 'Tabs of the RP' });
    const opened = tabs.locator('[aria-current=page]');
    await page.goto(`/rps/${id}`);
    await page.getByRole('heading', { level: 1, name: SHOP.name }).waitFor();
    expect(await opened.innerText()).toBe(await tabs.getByRole('link').first().innerText());

    const apiKeys = tabs.getByRole('link', { name: 'API keys' });
    await apiKeys.focus();
    await page.keyboard.press('Enter');
    await page.getByText('This RP has no API key yet.').waitFor();
    await apiKeys.and(page.locator(':focus')).waitFor();
    expect(page.url()).toBe(`${service.url}/rps/${id}/api-keys`);
    expect(await page.title()).toBe(`API keys – ${SHOP.name} – FIDO2 Server Service`);
    await page.reload();
    await page.getByText('This RP has no API key yet.').waitFor();
    expect(await opened.allInnerTexts()).toEqual(['API keys']);

    await openTab(person, 'Settings');
    await page.getByRole('region', { name: 'RP information' }).waitFor();
    expect(await page.getByText('This RP has no API key yet.').count()).toBe(0);
    await page.goBack();
    await page.getByText('This RP has no API key yet.').waitFor();
    await page.goto(`/rps/${id}/none`);
    await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  });

  it('still show the tabs of an RP if the browser cannot load the code of one tab', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page, problems } = person;
    await page.route('**/assets/api-keys-tab-*', (route) => route.abort());
    await page.goto(`/rps/${await newRp(person)}/api-keys`);
    await page.getByRole('alert').getByText('This part could not be loaded.').waitFor();
    for (const noted of problems.take()) expect(noted).toContain('net::ERR_FAILED');
    await openTab(person, 'Settings');
    await page.getByRole('region', { name: 'RP information' }).waitFor();
  });

  it('still have a usable menu if the browser cannot load the code of a page', async () => {
    const { page, problems } = await signUp(service);
    await page.route('**/assets/rps-page-*', (route) => route.abort());
    await page.getByRole('link', { name: 'RPs', exact: true }).click();
    await page.getByRole('alert').getByText('This part could not be loaded.').waitFor();
    for (const noted of problems.take()) expect(noted).toContain('net::ERR_FAILED');

    await page.getByRole('link', { name: 'Administrators' }).click();
    await page.getByRole('heading', { level: 1, name: 'Administrators' }).waitFor();
  });

  it('let the person register the first RP after correcting an invalid RP ID', async () => {
    const person = await signUp(service);
    const { page } = person;
    await page.getByRole('link', { name: 'RPs', exact: true }).click();
    await page.getByText('No RP is registered yet.').waitFor();

    await page.getByRole('button', { name: 'Register an RP' }).click();
    const dialog = page.getByRole('dialog', { name: 'Register an RP' });
    await dialog.getByLabel('RP ID').fill('https://shop.example.com/');
    await dialog.getByLabel('Name').fill(SHOP.name);
    await dialog.getByRole('button', { name: 'Register' }).click();
    await dialog.getByText('Must be a domain name such as shop.example.com').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe(SHOP.name);
    expect(await rpsOf(person)).toEqual([]);

    await dialog.getByLabel('RP ID').fill('Shop.Example.com');
    await dialog.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('heading', { level: 1, name: SHOP.name }).waitFor();
    await page.getByRole('region', { name: 'Connect the RP’s server' }).getByText(SHOP.rpId, { exact: true }).waitFor();
    expect(await rpsOf(person)).toEqual([expect.objectContaining(SHOP)]);
  });

  it('say that Free allows only 10 new RPs in a month, including removed RPs', async () => {
    const person = await signUp(service, ELSEWHERE);
    for (let registered = 0; registered < 10; registered += 1) {
      expect((await person.call(`DELETE /v1/rps/${await newRp(person)}`)).status).toBe(204);
    }
    await person.page.goto('/rps');
    await person.page.getByRole('button', { name: 'Register an RP' }).click();
    const dialog = person.page.getByRole('dialog');
    await dialog.getByLabel('RP ID').fill(SHOP.rpId);
    await dialog.getByLabel('Name').fill(SHOP.name);
    await dialog.getByRole('button', { name: 'Register' }).click();
    await dialog.getByText('at most 10 new RPs in a month, including removed RPs. Try again next month.').waitFor();
    for (const noted of person.problems.take()) expect(noted).toContain('403');
  });

  it('list the RPs by name, with the registered users and this month’s MAU', async () => {
    const person = await signUp(service, ELSEWHERE);
    await setLicense(person, { type: 'starter', endsAt: '2099-01-01T00:00:00Z' });
    const shop = await newRp(person);
    await newRp(person, NEWS);
    const { apiKey } = (await person.call(`POST /v1/rps/${shop}/api-keys`, { name: 'Production' })).body as {
      apiKey: string;
    };
    const users = ['user-1', 'user-2', 'user-3'].map((userId) => ({ userId }));
    expect((await callAs(apiKey, 'POST /v1/rp/users', { users })).status).toBe(200);
    const operations = users.slice(0, 2).map(({ userId }) => ({ userId, type: 'authentication' }));
    expect((await callAs(apiKey, 'POST /v1/rp/operations', { operations })).status).toBe(200);
    await service.drain();

    await person.page.goto('/rps');
    const rows = person.page.getByRole('row');
    await person.page.getByRole('columnheader', { name: /^MAU of .+ so far$/ }).waitFor();
    const cells = async (row: number) => (await rows.nth(row).getByRole('cell').allInnerTexts()).slice(0, 4);
    expect(await cells(1)).toEqual([NEWS.name, NEWS.rpId, '0', '0']);
    expect(await cells(2)).toEqual([SHOP.name, SHOP.rpId, '3', '2']);
    expect(await rpsOf(person)).toEqual(
      expect.arrayContaining([expect.objectContaining({ ...SHOP, registeredUsers: 3 })]),
    );

    await person.page.getByRole('link', { name: SHOP.name }).click();
    await openTab(person, 'Settings');
    const information = person.page.getByRole('region', { name: 'RP information' });
    await information.getByRole('definition').filter({ hasText: /^2$/ }).waitFor();
    await information.getByRole('definition').filter({ hasText: /^3$/ }).waitFor();
  });

  it('list every RP even if the API returns several pages, and find RPs by part of the RP ID', async () => {
    const person = await signUp(service, ELSEWHERE);
    await setLicense(person, { type: 'starter', endsAt: '2099-01-01T00:00:00Z' });
    const numbers = Array.from({ length: 101 }, (_, index) => String(index + 1).padStart(3, '0'));
    const nameOf = (number: string) => `Example ${Number(number)}`;
    for (const number of numbers) await newRp(person, { rpId: `rp-${number}.example.com`, name: nameOf(number) });

    await person.page.goto('/rps');
    const links = person.page.getByRole('main').getByRole('link');
    await links.last().waitFor();
    expect(await links.allInnerTexts()).toEqual(numbers.map(nameOf));
    await person.page.getByLabel('Find an RP').fill('RP-10');
    await expect.poll(() => links.allInnerTexts()).toEqual(['Example 100', 'Example 101']);
    await person.page.getByLabel('Find an RP').fill('none');
    await person.page.getByText('No RP matches this name or RP ID.').waitFor();
  });

  it('explain why a second RP cannot be registered with the Free license', async () => {
    const person = await signUp(service, ELSEWHERE);
    const japanese = await visitAs(service, person, { locale: 'ja-JP' });
    for (const { page } of [person, japanese]) await page.goto('/rps');
    await person.page.getByRole('button', { name: 'Register an RP' }).click();
    await japanese.page.getByRole('button', { name: 'RPを登録' }).click();
    // Before the person submits the dialogs, an API request registers the only RP that the license allows.
    const id = await newRp(person);

    const dialog = person.page.getByRole('dialog');
    await dialog.getByLabel('RP ID').fill(NEWS.rpId);
    await dialog.getByLabel('Name').fill(NEWS.name);
    await dialog.getByRole('button', { name: 'Register' }).click();
    await dialog.getByText('The license allows at most 1 registered RPs, and you have 1.').waitFor();
    expect(await dialog.getByLabel('RP ID').inputValue()).toBe(NEWS.rpId);
    const japaneseDialog = japanese.page.getByRole('dialog');
    await japaneseDialog.getByLabel('RP ID').fill(NEWS.rpId);
    await japaneseDialog.getByLabel('名前').fill(NEWS.name);
    await japaneseDialog.getByRole('button', { name: '登録' }).click();
    await japaneseDialog.getByText('ライセンスで登録できるRPは1件までです。現在1件が登録されています。').waitFor();

    await person.page.goto('/rps');
    const button = person.page.getByRole('button', {
      name: 'Register an RP',
      description: 'You have reached the maximum of the Free license: 1 of 1 RP is registered.',
    });
    await button.waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.click({ force: true });
    expect(await person.page.getByRole('dialog').count()).toBe(0);
    expect(await rpsOf(person)).toEqual([expect.objectContaining({ id })]);
  });

  it('show an error if the person registers the same RP ID twice', async () => {
    const person = await signUp(service, ELSEWHERE);
    await setLicense(person, { type: 'starter', endsAt: '2099-01-01T00:00:00Z' });
    await newRp(person);
    await person.page.goto('/rps');
    await person.page.getByRole('button', { name: 'Register an RP' }).click();
    await person.page.getByLabel('RP ID').fill(` ${SHOP.rpId.toUpperCase()}`);
    await person.page.getByRole('dialog').getByLabel('Name').fill('Another shop');
    await person.page.getByRole('button', { name: 'Register', exact: true }).click();
    await expectWrong(person.page.getByLabel('RP ID'), 'You have registered an RP with this RP ID already');
  });

  it.each([
    ['has ended', 10, 'The license has expired, so you cannot register anything new.'],
    ['has not started', -60, /^You cannot register anything new until the license starts on .*\.$/],
  ] as const)('explain why RPs and API keys cannot be added when the license %s', async (_, minutes, why) => {
    const person = await signUp(service, ELSEWHERE);
    const now = Date.now();
    await setLicense(person, { type: 'starter', endsAt: new Date(now + 5 * 60_000).toISOString() });
    const id = await newRp(person);
    try {
      await service.setClock(new Date(now + minutes * 60_000).toISOString());
      await person.page.goto('/rps');
      await person.page.getByRole('button', { name: 'Register an RP', description: why }).waitFor();
      // The reason is not a dead end: it leads to the plans, and to the operator.
      const leadsOn = async () => {
        await person.page.getByText(why).filter({ visible: true }).waitFor();
        await person.page.getByRole('button', { name: 'Compare plans' }).waitFor();
        await person.page.getByRole('link', { name: 'sales@example.com' }).waitFor();
      };
      await leadsOn();
      await person.page.goto(`/rps/${id}/api-keys`);
      await person.page.getByRole('button', { name: 'Create an API key', description: why }).waitFor();
      await leadsOn();
    } finally {
      await service.resetClock();
    }
  });

  it('explain why an RP cannot have more than 25 API keys', async () => {
    const person = await signUp(service, ELSEWHERE);
    const id = await newRp(person);
    const create = () => person.call(`POST /v1/rps/${id}/api-keys`, { name: 'Production' });
    for (let created = 0; created < 25; created += 1) expect((await create()).status).toBe(201);
    expect(await create()).toMatchObject({
      status: 403,
      body: { type: '/problems/forbidden', detail: 'An RP has at most 25 API keys. Delete one first.' },
    });

    const japanese = await visitAs(service, person, { locale: 'ja-JP' });
    for (const { page } of [person, japanese]) await page.goto(`/rps/${id}/api-keys`);
    const why = 'An RP has at most 25 API keys. Delete one first.';
    await person.page.getByRole('button', { name: 'Create an API key', description: why }).waitFor();
    const whyInJapanese = 'APIキーはRPごとに25個までです。先に1つ削除してください。';
    await japanese.page.getByRole('button', { name: 'APIキーを作成', description: whyInJapanese }).waitFor();

    const { items } = (await person.call(`GET /v1/rps/${id}/api-keys`)).body as { items: { keyId: string }[] };
    expect((await person.call(`DELETE /v1/rps/${id}/api-keys/${items[0]?.keyId ?? ''}`)).status).toBe(204);
    await person.page.reload();
    await person.page.getByRole('button', { name: 'Create an API key' }).click();
    // Before the person submits the dialog, an API request creates the 25th API key.
    expect((await create()).status).toBe(201);
    const dialog = person.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Another');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByRole('alert').getByText(why).waitFor();
  });

  it('let the person rename an RP', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    await page.route('**/v1/customer', async (route) => {
      const response = await route.fetch();
      const view = (await response.json()) as { month: object };
      await route.fulfill({ response, json: { ...view, month: { ...view.month, timeZone: 'Asia/Tokyo' } } });
    });
    await page.goto(`/rps/${await newRp(person)}/settings`);
    // The console shows the time of registration in the service's time zone. The response above says that this is
    // Asia/Tokyo.
    await page.getByRole('definition').filter({ hasText: 'GMT+9' }).waitFor();
    await page.getByRole('button', { name: 'Rename' }).click();
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('   ');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Must not be empty').waitFor();
    await name.fill('Renamed Shop');
    await page.getByRole('button', { name: 'Save' }).click();

    await page.getByRole('heading', { level: 1, name: 'Renamed Shop' }).waitFor();
    expect(await rpsOf(person)).toEqual([expect.objectContaining({ name: 'Renamed Shop', rpId: SHOP.rpId })]);
    await page.getByRole('link', { name: 'All RPs' }).click();
    await page.getByRole('link', { name: 'Renamed Shop' }).waitFor();
  });

  it('remove an RP and its API keys after the person types the RP ID', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const id = await newRp(person);
    await page.goto(`/rps/${id}/api-keys`);
    const apiKey = await createApiKey(person, 'Production');
    await page.getByRole('button', { name: 'Done' }).click();
    const users = [{ userId: 'user-1' }];
    expect((await callAs(apiKey, 'POST /v1/rp/users', { users })).status).toBe(200);
    const operations = [{ userId: 'user-1', type: 'authentication' }];
    expect((await callAs(apiKey, 'POST /v1/rp/operations', { operations })).status).toBe(200);
    await service.drain();

    await page.goto(`/rps/${id}/settings`);
    await page.getByRole('button', { name: 'Remove the RP' }).click();
    const dialog = page.getByRole('dialog', { name: `Remove ${SHOP.name}?` });
    await dialog.getByText('The RP’s registered users (1) are deleted.').waitFor();
    await dialog.getByText('The MAU and your bills still include').waitFor();
    await dialog.getByText('Users who are active at both RPs in this month count twice').waitFor();
    await dialog.getByLabel(`Type ${SHOP.rpId} to confirm`).fill(SHOP.name);
    await dialog.getByRole('button', { name: 'Remove the RP' }).click();
    await dialog.getByText('This is not the RP ID.').waitFor();
    expect(await rpsOf(person)).toHaveLength(1);
    await dialog.getByLabel(`Type ${SHOP.rpId} to confirm`).fill(` ${SHOP.rpId.toUpperCase()}`);
    await dialog.getByRole('button', { name: 'Remove the RP' }).click();

    await page.getByText('No RP is registered yet.').waitFor();
    expect(await rpsOf(person)).toEqual([]);
    expect((await person.call('GET /v1/customer/mau?months=3')).body).toMatchObject({
      rps: [{ id, removed: true, mau: [0, 0, 1] }],
      total: [0, 0, 1],
    });
    await expect.poll(async () => (await callAs(apiKey, 'GET /v1/rp/users')).status, { timeout: 30_000 }).toBe(401);
    await page.goto(`/rps/${id}/api-keys`);
    await page.getByRole('heading', { level: 1, name: 'RP not found' }).waitFor();
    await page.getByRole('link', { name: 'All RPs' }).click();
    await page.getByRole('heading', { level: 1, name: 'RPs' }).waitFor();
  });

  it('warn the person if an API key was created but could not be shown', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    await page.goto(`/rps/${await newRp(person)}/settings`);
    await openTab(person, 'API keys');
    const hold = await held(page, '**/api-keys', 'POST');
    await page.getByRole('button', { name: 'Create an API key' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Lost');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel', disabled: true }).waitFor();
    await page.goBack();
    await page.getByRole('region', { name: 'RP information' }).waitFor();
    hold.release();
    await page.getByRole('alert').getByText('An API key was created but not shown.').waitFor();
  });

  it('show a new API key only once, with a copy button and an example command that works', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const id = await newRp(person);
    await page.goto(`/rps/${id}/api-keys`);
    const hold = await held(page, '**/api-keys', 'POST');
    const isCreating = page.getByRole('dialog').getByRole('button', { name: 'Cancel', disabled: true });
    const escape = async () => {
      await isCreating.waitFor();
      await page.keyboard.press('Escape');
      hold.release();
    };
    const [apiKey] = await Promise.all([createApiKey(person, 'Production'), escape()]);
    expect(apiKey).toMatch(/^fido2_[0-9a-z]{20}_[\w-]{43}$/);
    await page.getByText('The key is shown only once.').waitFor();
    await page.keyboard.press('Escape');
    // If the person leaves the page, the browser first asks for confirmation, because the key would be lost.
    const [asked] = await Promise.all([
      page.waitForEvent('dialog'),
      page.evaluate('setTimeout(() => location.reload())'),
    ]);
    expect(asked.type()).toBe('beforeunload');
    await asked.dismiss();
    const refuses = (does: boolean) =>
      page.evaluate(`navigator.clipboard.writeText = ${does} ? () => Promise.reject(new Error()) : writeText`);
    await page.evaluate('globalThis.writeText = navigator.clipboard.writeText.bind(navigator.clipboard)');
    await refuses(true);
    await page.getByRole('button', { name: 'Copy the API key' }).click();
    await page.getByRole('alert').getByText('The browser could not copy the text.').waitFor();
    await refuses(false);
    await page.getByRole('button', { name: 'Copy the API key' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const example = await page.getByRole('group', { name: /^Try the key/ }).innerText();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: /Production.*Never/ }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await page.content()).includes(apiKey)).toBe(false);
    const { stdout } = await promisify(execFile)('sh', ['-c', example]);
    expect(JSON.parse(stdout)).toMatchObject(SHOP);
    await page.reload();
    await page.getByRole('row', { name: /Production/ }).waitFor();
    expect(await page.getByRole('row', { name: /Never/ }).count()).toBe(0);
    expect((await page.content()).includes(apiKey)).toBe(false);
    const { body } = await person.call(`GET /v1/rps/${id}/api-keys`);
    const [{ lastUsedAt, keyId }] = (body as { items: [{ lastUsedAt: string; keyId: string }] }).items;
    expect(
      await page
        .getByRole('row', { name: /Production/ })
        .getByRole('cell')
        .allInnerTexts(),
    ).toEqual(expect.arrayContaining([dateTime(lastUsedAt), keyId.replace('key_', 'fido2_')]));

    // The clipboard contains the key.
    await page.getByRole('button', { name: 'Create an API key' }).click();
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('');
    await name.press('Control+v');
    expect(await name.inputValue()).toBe(apiKey);
  });

  it('create an API key of a type for the FSS format, show its secret only once, and list its type', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const id = await newRp(person);
    await page.goto(`/rps/${id}/api-keys`);
    for (const [type, name] of [
      ['access-key', 'FSS: access key (AccessKeyAuth)'],
      ['nonce-signature', 'FSS: nonce signature (NonceSignAuth)'],
    ] as const) {
      await page.getByRole('button', { name: 'Create an API key' }).click();
      await page.getByRole('dialog').getByLabel('Name').fill(`Key ${type}`);
      await page.getByRole('dialog').getByLabel('Type').selectOption({ label: name });
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      const apiAuthId = await page.getByRole('group', { name: 'API auth ID' }).innerText();
      const secretKey = await page.getByRole('group', { name: 'Secret key' }).innerText();
      await page.getByText(`the endpoint ${service.url}/api in the SDK`).waitFor();
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      const key = { type, rpId: SHOP.rpId, keyId: apiAuthId, apiAuthId, secretKey };
      const post = async (call: string, headers: Record<string, string> = {}): Promise<unknown> =>
        (await fetch(`${service.url}/api/${call}`, { method: 'POST', headers, body: '{}' })).json();
      const { data } = (await post('getNonce')) as { data: { nonce: string } };
      const answer = await post('noSuchCall', fssHeaders(key, { body: '{}', salt: data.nonce }));
      expect(answer).toMatchObject({ appStatus: 'NOT_FOUND' });
      expect((await page.content()).includes(secretKey)).toBe(false);
      const cells = page.getByRole('row', { name: `Key ${type}` }).getByRole('cell');
      expect(await cells.allInnerTexts()).toEqual(expect.arrayContaining([name, apiAuthId]));
    }
  });

  it('let the person delete an API key, and the service then refuses the deleted key', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    await page.goto(`/rps/${await newRp(person)}/api-keys`);
    const kept = await createApiKey(person, 'Kept');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: /Kept .*by Alice Arai/ }).waitFor();
    await page.getByText('1 of at most 25 API keys').waitFor();
    const deleted = await createApiKey(person, 'Leaked');
    await page.getByRole('button', { name: 'Done' }).click();
    expect((await callAs(deleted, 'GET /v1/rp/users')).status).toBe(200);

    await page.getByRole('button', { name: 'Delete: Leaked' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete the API key Leaked?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await callAs(deleted, 'GET /v1/rp/users')).status).toBe(200);
    await page.getByRole('button', { name: 'Delete: Leaked' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('row', { name: /Leaked/ }).waitFor({ state: 'detached' });
    await expectFocusOn(page, 'API keys');
    await page.getByRole('row', { name: /Kept/ }).waitFor();

    await expect.poll(async () => (await callAs(deleted, 'GET /v1/rp/users')).status, { timeout: 30_000 }).toBe(401);
    expect((await callAs(kept, 'GET /v1/rp/users')).status).toBe(200);
  });

  it('still list the RPs if the MAU cannot be read, and offer a Retry button', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page, problems } = person;
    await newRp(person);
    const problem = { type: '/problems/internal', status: 500, title: 'Something went wrong here', requestId: 'req-1' };
    await page.route('**/v1/customer/mau?*', (route) =>
      route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await page.goto('/rps');
    await page.getByRole('link', { name: SHOP.name }).waitFor();
    const failure = page.getByRole('alert').filter({ hasText: 'req-1' });
    await failure.waitFor();
    await page.unroute('**/v1/customer/mau?*');
    await failure.getByRole('button', { name: 'Retry' }).click();

    await page.getByRole('columnheader', { name: /^MAU of .+ so far$/ }).waitFor();
    await failure.waitFor({ state: 'detached' });
    expect(problems.take()).toEqual([expect.stringContaining('status of 500')]);
  });

  it('are accessible, including the dialogs and the page for a missing RP', LOOKING, async () => {
    const person = await signUp(service, ELSEWHERE);
    await setLicense(person, { type: 'starter', endsAt: '2099-01-01T00:00:00Z' });
    const id = await newRp(person);
    await person.call(`POST /v1/rps/${id}/api-keys`, { name: 'Production' });
    await expectAccessible(service, person, [
      async ({ page }) => {
        await page.goto('/rps');
        await page.getByRole('link', { name: SHOP.name }).waitFor();
      },
      async ({ page }, say) => {
        await page.getByRole('button', { name: say({ en: 'Register an RP', ja: 'RPを登録' }) }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('RP ID').fill('-');
        await dialog.getByRole('textbox', { name: say({ en: 'Name', ja: '名前' }) }).fill('Example');
        await page.keyboard.press('Enter');
        await dialog.getByText(say({ en: 'Must be a domain name', ja: 'のようなドメイン名' })).waitFor();
      },
      async ({ page }, say) => {
        await page.goto(`/rps/${id}/settings`);
        await page.getByRole('button', { name: say({ en: 'Remove the RP', ja: 'RPを削除' }) }).click();
        const twice = say({
          en: 'Users who are active at both RPs in this month count twice',
          ja: 'MAUに2回数えられます',
        });
        await page.getByRole('dialog').getByText(twice).waitFor();
      },
      async ({ page }) => {
        await page.goto(`/rps/${id}/api-keys`);
        await page.getByRole('row', { name: /Production/ }).waitFor();
      },
      async ({ page }, say) => {
        await page.getByRole('button', { name: say({ en: 'Delete: Production', ja: '削除：Production' }) }).click();
        await page.getByRole('dialog', { name: 'Production' }).waitFor();
      },
      async ({ page }, say) => {
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: say({ en: 'Create an API key', ja: 'APIキーを作成' }) }).click();
        await page.getByRole('textbox', { name: say({ en: 'Name', ja: '名前' }) }).fill('Another');
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: say({ en: 'Done', ja: '完了' }) }).waitFor();
      },
      async ({ page }, say) => {
        await page.goto('/rps/rp_00000000000000000000');
        const title = say({ en: 'RP not found', ja: 'RPが見つかりません' });
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
      },
    ]);
  });
});
