import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { ELSEWHERE, newEmail, signUp, visitAs, type Person } from './support/people.ts';
import { serveRpPage } from './support/rp-page.ts';
import { newRp, userIds } from './support/rps.ts';
import { visit } from './support/visit.ts';

const LANGUAGES = ['curl', 'Node.js with our SDK', 'Node.js, FSS format', 'Python', 'PHP', 'Java'];

describeInBrowser('the tab Integrate of an RP', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  const register = async ({ call }: Person, rpId: string) =>
    ((await call('POST /v1/rps', { rpId, name: 'Example Shop' })).body as { id: string }).id;
  const codeOn = (page: Page) => page.getByRole('group', { name: 'On the server' });

  it('is the first tab, and shows the base URL, the RP ID and the origins', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const id = await register(person, 'shop.example.com');
    await page.goto(`/rps/${id}`);
    const connection = page.getByRole('region', { name: 'Connect the RP’s server' });
    for (const value of [service.url, 'shop.example.com', 'https://shop.example.com']) {
      await connection.getByRole('definition').getByText(value, { exact: true }).waitFor();
    }
    await page.getByText('Nobody was active at this RP in these months.').waitFor();
  });

  it('leads a new user from the sign-up to the first sign-in in 10 steps, with 4 fields to fill in', async () => {
    const { page } = await visit({ url: service.url });
    let fields = 0;
    let steps = 0;
    const fill = async (label: string, value: string) => {
      fields += 1;
      await page.getByLabel(label).fill(value);
    };
    const step = async (does: () => Promise<unknown>) => {
      steps += 1;
      await does();
    };
    const press = (name: string) => step(() => page.getByRole('button', { name, exact: true }).click());
    const email = newEmail();

    await page.goto('/sign-up');
    await fill('Name of your organisation', 'Example Corporation');
    await fill('Your name', 'Alice Arai');
    await fill('Your e-mail address', email);
    await press('Sign up');
    await page.getByText(`If ${email} can receive a link`).waitFor();
    await step(async () => page.goto(await service.linkTo(email)));
    await press('Continue');
    await press('Register a passkey');
    await step(() => page.getByRole('link', { name: /Register an RP: the website or app/ }).click());
    await fill('RP ID', 'shop.example.com');
    await press('Register');
    await page.getByRole('heading', { level: 1, name: 'shop.example.com' }).waitFor();
    await press('Create an API key');
    await press('Create');
    const apiKey = await page
      .getByRole('dialog')
      .getByText(/^fido2_/)
      .innerText();
    await press('Done'); // after copying the key
    await page.getByText('Waiting for the first sign-in').waitFor();
    // The developer runs code with the key.
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const send = async (path: string, body: object) =>
      (await fetch(`${service.url}/v1/rp/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    await step(async () => {
      expect(await send('users', { users: [{ userId: 'mika' }] })).toBe(200);
      expect(await send('operations', { operations: [{ userId: 'mika', type: 'authentication' }] })).toBe(200);
    });
    await page.getByText('First sign-in received').waitFor();
    expect({ steps, fields }).toEqual({ steps: 10, fields: 4 });
  });

  it('says that the RP ID localhost accepts every port', async () => {
    const person = await signUp(service, ELSEWHERE);
    await person.page.goto(`/rps/${await register(person, 'localhost')}`);
    await person.page.getByRole('definition').getByText('http://localhost:<every port>', { exact: true }).waitFor();
  });

  it('shows code for each language with the values of the RP, and copies it', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    await page.goto(`/rps/${await register(person, 'shop.example.com')}`);
    const tabs = page.getByRole('tab');
    await tabs.first().waitFor();
    expect(await tabs.allInnerTexts()).toEqual(LANGUAGES);
    await tabs.first().focus();
    for (const language of LANGUAGES) {
      await page.getByRole('tab', { name: language, selected: true }).waitFor();
      const code = await codeOn(page).innerText();
      expect(code).toContain(service.url);
      expect(code).toContain('<your API key>');
      expect(code).not.toContain('__');
      const install = page.getByText('npm install ./fido2-server-service-sdk-0.1.0.tgz');
      expect(await install.count()).toBe(language === 'Node.js with our SDK' ? 1 : 0);
      if (language.startsWith('Node.js')) expect(code).toContain('shop.example.com');
      await page.keyboard.press('ArrowRight');
    }
    // After the last language, the arrow key selects the first one again.
    await page.getByRole('tab', { name: 'curl', selected: true }).waitFor();
    await page.getByRole('button', { name: 'Copy the code for the server' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
  });

  it('says within seconds that the first sign-in has arrived, from the page whose code it shows', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const id = await register(person, 'localhost');
    const created = await person.call(`POST /v1/rps/${id}/api-keys`, { name: 'Production' });
    const { apiKey } = created.body as { apiKey: string };
    await page.goto(`/rps/${id}`);
    await page.getByText('Waiting for the first sign-in').waitFor();

    const shop = await serveRpPage();
    try {
      const { page: visitor } = await visit({ url: shop.origin });
      await visitor.goto('/');
      await serveCeremonies(visitor, `${service.url}/v1/rp`, apiKey);
      const code = readFileSync('web/src/rps/integrate/snippets/page.js', 'utf8').replaceAll('export ', '');
      await visitor.addScriptTag({ content: code });
      expect(await visitor.evaluate('signUp("Carol")')).toMatchObject({ user: { userId: 'user-1' } });
      await page.getByText('First sign-in received').waitFor();
      expect(await visitor.evaluate('signIn()')).toMatchObject({ user: { userId: 'user-1' } });
    } finally {
      await shop.stop();
    }
    // The service has counted the user, and the graph of the RP shows the MAU of the month.
    const mau = page.getByRole('region', { name: 'MAU of this RP' });
    await mau.getByRole('application', { name: /^Graph of the MAU/ }).waitFor();
    const numbers = mau.getByRole('row').filter({ hasText: /^MAU/ }).getByRole('cell');
    expect(await numbers.allInnerTexts()).toEqual(['1', '–', '–']);
  });

  it('shows only the MAU of this RP, for the months that the person chooses', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const { customer } = (await person.call('GET /v1/customer')).body as { customer: { id: string } };
    await service.operate({
      ...{ command: 'set-license', customerId: customer.id, type: 'starter', endsAt: '2099-01-01T00:00:00Z' },
    });
    const shop = await newRp(service, person, 'shop.example.com', 'Example Shop');
    const news = await newRp(service, person, 'news.example.com', 'Example News');
    await shop.authenticate(userIds(2));
    await news.authenticate(userIds(3));
    await page.goto(`/rps/${shop.id}`);
    await page.getByText('First sign-in received').waitFor();
    const mau = page.getByRole('region', { name: 'MAU of this RP' });
    const rowOf = (name: RegExp) => mau.getByRole('row').filter({ hasText: name }).getByRole('cell');
    await mau.getByRole('cell', { name: '2', exact: true }).waitFor();
    expect(await rowOf(/^MAU/).allInnerTexts()).toEqual(['2', '–', '–']);
    expect(await rowOf(/^Measured here/).allInnerTexts()).toEqual(['0', '–', '–']);
    await mau.getByText('6 months').click();
    await expect.poll(() => rowOf(/^MAU/).allInnerTexts()).toEqual(['2', '–', '–', '–', '–', '–']);
    expect(page.url()).toContain('months=6');
  });

  it('is accessible', LOOKING, async () => {
    const person = await signUp(service, ELSEWHERE);
    const rp = await newRp(service, person, 'shop.example.com', 'Example Shop');
    const open = async ({ page }: Person) => {
      await page.goto(`/rps/${rp.id}`);
      await page.getByRole('tab').first().waitFor();
    };
    await expectAccessible(service, person, [
      open,
      async ({ page }) => {
        await page.getByRole('tab', { name: 'Java' }).click();
        await page.getByText('class Passkeys').waitFor();
      },
    ]);
    await rp.authenticate(userIds(1));
    await expectAccessible(service, person, [
      async (visitor) => {
        await open(visitor);
        await visitor.page.getByRole('application').waitFor();
      },
    ]);
  });

  it('is in Japanese for people who choose Japanese', async () => {
    const person = await signUp(service, ELSEWHERE);
    const id = await register(person, 'shop.example.com');
    const { page } = await visitAs(service, person, { locale: 'ja-JP' });
    await page.goto(`/rps/${id}`);
    await page.getByText('最初のサインインを待っています').waitFor();
    await page.getByRole('group', { name: 'サーバー', exact: true }).getByText('<APIキー>').waitFor();
  });
});

/** Answers the requests of the code for the page, as the RP's server does. */
async function serveCeremonies(page: Page, api: string, apiKey: string): Promise<void> {
  let ceremony = '';
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const response = await fetch(`${api}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, json: (await response.json()) as { ceremony: string } };
  };
  const signUp = {
    userId: 'user-1',
    createUser: true,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  };
  await page.route(/\/sign-(up|in)\/(begin|end)$/, async (route) => {
    const [, kind, step] = /\/sign-(up|in)\/(begin|end)$/.exec(route.request().url()) ?? [];
    const sent = route.request().postDataJSON() as object;
    const path = kind === 'up' ? 'registrations' : 'authentications';
    const answer =
      step === 'begin'
        ? await post(`${path}/options`, kind === 'up' ? signUp : { userVerification: 'required' })
        : await post(path, { ceremony, response: sent });
    ({ ceremony = '' } = answer.json);
    await route.fulfill(answer);
  });
}
