import { afterAll, beforeAll, expect, it } from 'vitest';
import { passkeyAdded } from '../../functions/email/templates/passkey-added.ts';
import { describeInBrowser } from './support/chromium.ts';
import { expectWrong } from './support/forms.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, signUp, visitBy, withoutOffers, type Person } from './support/people.ts';
import { visit, type Visit } from './support/visit.ts';

const MINUTE = 60_000;
const REFUSED = 'The passkey was not accepted. Try again, or request a link.';

describeInBrowser('signing in to the console', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  const open = async (path: string, options: Partial<Parameters<typeof visit>[0]> = {}): Promise<Visit> => {
    const opened = await visit({ url: service.url, ...options });
    await opened.page.goto(path);
    return opened;
  };
  const customerScreen = ({ page }: Pick<Visit, 'page'>) => page.getByRole('heading', { level: 1, name: 'Customer' });
  const title = ({ page }: Pick<Visit, 'page'>, name: string) => page.getByRole('heading', { level: 1, name });
  const withPasskey = ({ page }: Pick<Visit, 'page'>) => page.getByRole('button', { name: 'Sign in with a passkey' });

  /**
   * Signs a person out. From then on, the simulated user accepts no WebAuthn requests, so the autofill of the sign-in
   * page does not sign the person in again.
   */
  async function signOut(person: Person): Promise<void> {
    const { page, authenticator } = person;
    await authenticator.agrees(false);
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await title(person, 'Sign in').waitFor();
  }
  /** Requests a link on the sign-in page. */
  async function requestLink({ page }: Visit, email: string): Promise<void> {
    await page.goto('/sign-in');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send a link' }).click();
    await page.getByText('the e-mail is on its way').waitFor();
  }
  const statusOf = async ({ call }: Person, request: string) => (await call(request)).status;

  it('works with the link in the sign-up e-mail, and the console then asks the person to register a passkey', async () => {
    const visitor = await open('/sign-up');
    const { page, authenticator } = visitor;
    const email = newEmail();
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expectWrong(page.getByLabel('Name of your organisation'), 'Must not be empty');
    await page.getByLabel('Name of your organisation').fill('Example  Corporation');
    await page.getByLabel('Postal address').fill('1-2-3 Chuo\nTokyo');
    await page.getByLabel('Your name').fill('Alice Arai');
    await page.getByLabel('Your e-mail address').fill('alice@example');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expectWrong(page.getByLabel('Your e-mail address'), 'Must be an e-mail address');
    await page.getByLabel('Your e-mail address').fill(email);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByRole('status').getByText(`If ${email} can receive a link, the e-mail is on its way.`).waitFor();
    await title(visitor, 'Sign up').and(page.locator(':focus')).waitFor();
    await page.getByRole('button', { name: 'Send the link again' }).click();
    await page.getByRole('status').getByText('another e-mail is on its way').waitFor();
    await expect.poll(async () => (await service.mailsTo(email)).length).toBe(2);

    await page.goto(await service.linkTo(email));
    await title(visitor, 'Sign in with a link').waitFor();
    expect(page.url()).toBe(`${service.url}/sign-in`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await title(visitor, 'Register a passkey').waitFor();
    await page.getByLabel('Name of the passkey').fill('Laptop');
    await page.getByRole('button', { name: 'Register a passkey' }).click();
    await customerScreen(visitor).waitFor();

    expect(page.url()).toBe(`${service.url}/`);
    expect(await authenticator.credentials()).toMatchObject([{ rpId: 'localhost', isResidentCredential: true }]);
    const read = async (path: string) => (await visitor.context.request.get(path)).json() as Promise<unknown>;
    expect(await read('/v1/passkeys')).toMatchObject({ items: [{ name: 'Laptop', lastUsedAt: null }] });
    expect(await read('/v1/customer')).toMatchObject({
      customer: { name: 'Example  Corporation', address: '1-2-3 Chuo\nTokyo', status: 'active' },
      representative: { name: 'Alice Arai', email },
    });
  });

  it('with a link opens the part of the page for which the person requested the link', async () => {
    const { email } = await signUp(service);
    const first = await service.linkTo(email);
    const { page } = await open('/administrators#administrators');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send a link' }).click();
    await page.getByRole('status').getByText('the e-mail is on its way').waitFor();
    await expect.poll(() => service.linkTo(email)).not.toBe(first);
    await page.goto(await service.linkTo(email));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/administrators#administrators');
  });

  it('with a link works for an e-mail address whose domain the person types in Unicode', async () => {
    const [name = ''] = newEmail().split('@');
    const stored = `${name}@xn--r8jz45g.jp`;
    const representative = { name: 'Alice Arai', email: stored };
    await service.send('POST /v1/customers', { customer: { name: 'Example Corporation' }, representative });
    const first = await service.linkTo(stored);
    const visitor = await open('/sign-in');
    await requestLink(visitor, `${name.toUpperCase()}@例え.jp`);
    await expect.poll(() => service.linkTo(stored)).not.toBe(first);
    await visitor.page.goto(await service.linkTo(stored));
    await visitor.page.getByRole('button', { name: 'Continue' }).click();
    await visitor.page.getByRole('button', { name: 'Not now' }).click();
    await customerScreen(visitor).waitFor();
  });

  it('works with a passkey after a sign-out has ended the previous session', async () => {
    const person = await signUp(service);
    await withoutOffers(person);
    const [before] = await person.context.cookies();
    await signOut(person);
    const kept = await fetch(`${service.url}/v1/customer`, {
      headers: { authorization: `Bearer ${before?.value ?? ''}` },
    });
    expect([before?.name, kept.status]).toEqual(['fido2-session', 401]);
    expect(await statusOf(person, 'GET /v1/sessions/current')).toBe(401);

    await person.page.getByLabel('E-mail address').fill('typed meanwhile');
    await person.authenticator.agrees(true);
    await withPasskey(person).click();
    await customerScreen(person).waitFor();
    expect((await person.call('GET /v1/passkeys')).body).toMatchObject({
      items: [{ lastUsedAt: expect.any(String) as string }],
    });
  });

  it('works with the passkey that the autofill of the e-mail field offers', async () => {
    const person = await signUp(service);
    const { page } = person;
    await signOut(person);
    expect(await page.getByLabel('E-mail address').getAttribute('autocomplete')).toBe('username webauthn');
    await page.addInitScript(`{
      const get = navigator.credentials.get.bind(navigator.credentials);
      window.mediations = [];
      navigator.credentials.get = (options) => (window.mediations.push(options.mediation), get(options));
    }`);
    await person.authenticator.agrees(true);

    await page.goto('/sign-in');
    await customerScreen(person).waitFor();
    expect(await page.evaluate('window.mediations')).toEqual(['conditional']);
  });

  it('works without a passkey, but the console asks the person to register one after each sign-in with a link', async () => {
    const email = newEmail();
    await service.send('POST /v1/customers', {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email },
    });
    const visitor = await open(await service.linkTo(email));
    await visitor.page.getByRole('button', { name: 'Continue' }).click();
    await visitor.page.getByRole('button', { name: 'Not now' }).click();
    await customerScreen(visitor).waitFor();
    await visitor.page.reload();
    await customerScreen(visitor).waitFor();

    await service.send('POST /v1/sign-in-links', { email });
    await visitor.page.goto('/sign-up');
    await visitor.page.goto(await service.linkTo(email));
    await visitor.page.getByRole('button', { name: 'Continue' }).click();
    await title(visitor, 'Register a passkey').waitFor();
  });

  it('with a recovery link lets the person do nothing but add a passkey, and e-mails report the new passkey', async () => {
    const alice = await signUp(service);
    const email = newEmail();
    await alice.call('POST /v1/administrators', { name: 'Bob Bauer', email, privilege: 'administrator' });
    const bob = await visitBy(service, email);
    await withoutOffers(bob);
    const { page, authenticator } = bob;
    await signOut(bob);
    await authenticator.removeAll();
    await requestLink(bob, email);

    await page.goto(await service.linkTo(email));
    await page.getByRole('button', { name: 'Continue' }).click();
    await title(bob, 'Register a new passkey').waitFor();
    expect(await page.getByRole('button', { name: 'Not now' }).count()).toBe(0);
    expect((await bob.call('GET /v1/customer')).body).toMatchObject({ type: '/problems/reauthentication-required' });
    await page.goto('/administrators');
    await title(bob, 'Register a new passkey').waitFor();
    await authenticator.agrees(true);
    await page.getByRole('button', { name: 'Sign in with an existing passkey' }).click();
    await page.getByText('No passkey was used. Try again when you are ready.').waitFor();
    const mails = async () => Promise.all([alice.email, email].map(async (to) => (await service.mailsTo(to)).length));
    const before = await mails();

    await page.getByLabel('Name of the passkey').fill('New phone');
    await page.getByRole('button', { name: 'Register a passkey' }).click();
    await title(bob, 'Administrators').waitFor();
    expect((await bob.call('GET /v1/passkeys')).body).toMatchObject({
      items: [{ name: 'My passkey' }, { name: 'New phone' }],
    });
    await expect.poll(mails).toEqual(before.map((count) => count + 1));
    const { subject } = passkeyAdded({
      language: 'en',
      ...{ customerName: '', name: '', passkeyName: '', addedAt: 0, timeZone: 'UTC' },
      ...{ isOwn: true, isRepresentatives: true, holdUntil: 0, contact: '', consoleUrl: '' },
    });
    for (const to of [alice.email, email]) {
      expect((await service.mailsTo(to)).at(-1)).toMatchObject({
        subject,
        text: expect.stringMatching(/New phone.*Bob Bauer/s) as string,
      });
    }
    await signOut(bob);
    await authenticator.agrees(true);
    await withPasskey(bob).click();
    await customerScreen(bob).waitFor();
  });

  it('works with an existing passkey after the person has opened a recovery link', async () => {
    const person = await signUp(service);
    await signOut(person);
    await requestLink(person, person.email);
    await person.authenticator.agrees(true);
    await person.page.goto(await service.linkTo(person.email));
    await person.page.getByRole('button', { name: 'Continue' }).click();
    await person.page.getByRole('button', { name: 'Register a passkey' }).click();
    await person.page.getByText('This device already has one of your passkeys.').waitFor();
    await person.page.getByRole('button', { name: 'Sign in with an existing passkey' }).click();
    await customerScreen(person).waitFor();
  });

  it('fails with an unknown passkey, a wrong private key or a decreased sign count', async () => {
    const person = await signUp(service);
    const { authenticator } = person;
    const [passkey] = await authenticator.credentials();
    const another = await signUp(service);
    const [anothers] = await another.authenticator.credentials();
    if (!passkey || !anothers) throw new Error('There are no passkeys.');
    await signOut(person);
    await authenticator.removeAll();
    await authenticator.add({ ...passkey, signCount: 50 });
    await authenticator.agrees(true);
    await person.page.reload(); // the autofill signs in with the passkey
    await customerScreen(person).waitFor();
    await signOut(person);
    const wrong = [
      { ...passkey, credentialId: anothers.credentialId, signCount: 100 },
      { ...passkey, privateKey: anothers.privateKey, signCount: 100 },
      { ...passkey, signCount: 40 },
    ];
    for (const credential of wrong) {
      await authenticator.removeAll();
      await authenticator.add(credential);
      await authenticator.agrees(true);
      await person.page.goto('/sign-up');
      await person.page.goto('/sign-in');
      // The page has already tried the wrong passkey, which autofill offered, so the page shows an error.
      await person.page.getByRole('alert').getByText(REFUSED).waitFor();
      await withPasskey(person).click();
      await person.page.getByRole('alert').getByText(REFUSED).waitFor();
      expect(await statusOf(person, 'GET /v1/sessions/current')).toBe(401);
    }
    await authenticator.removeAll();
    await withPasskey(person).click();
    await person.page.getByText('No passkey was used.').waitFor();
  });

  it('fails if a challenge is used a second time', async () => {
    const person = await signUp(service);
    const { page, authenticator } = person;
    await signOut(person);
    await withoutOffers(person);
    await authenticator.agrees(true);
    const options: string[] = [];
    // With `page.route`, the test answers every request for WebAuthn options with the first response of the service. So
    // all requests get the same challenge.
    await page.route('**/v1/sessions/options', async (route) => {
      const response = await route.fetch();
      options.push(await response.text());
      await route.fulfill({ response, body: options[0] ?? '' });
    });
    const sent = page.waitForRequest(
      (request) => request.method() === 'POST' && new URL(request.url()).pathname === '/v1/sessions',
    );
    await withPasskey(person).click();
    await customerScreen(person).waitFor();
    const repeated = await person.call('POST /v1/sessions', (await sent).postDataJSON());
    expect(repeated).toMatchObject({ status: 401, body: { type: '/problems/unauthenticated' } });

    await signOut(person);
    await authenticator.agrees(true);
    await withPasskey(person).click();
    await page.getByRole('alert').getByText(REFUSED).waitFor();
    expect(new Set(options).size).toBe(options.length);
    expect(await statusOf(person, 'GET /v1/sessions/current')).toBe(401);
  });

  it('with a link leads to a passkey registration, and the service refuses a repeated registration request', async () => {
    const email = newEmail();
    await service.send('POST /v1/customers', {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email },
    });
    const visitor = await open(await service.linkTo(email));
    const { page } = visitor;
    const sent = page.waitForRequest(
      (request) => request.method() === 'POST' && new URL(request.url()).pathname === '/v1/passkeys',
    );
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Register a passkey' }).click();
    await customerScreen(visitor).waitFor();
    const repeated = await visitor.context.request.post('/v1/passkeys', {
      data: (await sent).postDataJSON() as object,
    });
    expect(await repeated.json()).toMatchObject({ type: '/problems/validation', status: 400 });
  });

  it('fails with an unknown, used or expired link, and the page lets the person request another link', async () => {
    const person = await signUp(service);
    const { page } = person;
    await signOut(person);
    const refused = async (link: string) => {
      await page.goto('/sign-up');
      // Opening another link in the same tab replaces the previous link and its error.
      for (const one of [`${page.url().replace(/\/[^/]*$/, '')}/sign-in#token=unknown`, link]) {
        await page.goto(one);
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByRole('alert').getByText('The link is invalid, expired or already used.').waitFor();
      }
      await page.getByRole('button', { name: 'Request another link' }).click();
      await page.getByRole('button', { name: 'Send a link' }).waitFor();
    };
    await refused(await service.linkTo(person.email)); // the activation link, which was already used
    await requestLink(person, person.email);
    const link = await service.linkTo(person.email);
    await service.setClock(new Date(Date.now() + 15 * MINUTE + 1_000).toISOString());
    try {
      await refused(link);
      await requestLink(person, person.email);
      await page.goto(await service.linkTo(person.email));
      await page.getByRole('button', { name: 'Continue' }).click();
      await title(person, 'Register a new passkey').waitFor();
    } finally {
      await service.resetClock();
    }
  });

  it('is required after the session has ended, and then opens the requested page', async () => {
    const person = await signUp(service);
    await withoutOffers(person);
    const { page, authenticator } = person;
    await authenticator.agrees(false);
    // This page sends no request by itself, so the click below is the first request after the session has ended.
    await page.getByRole('link', { name: 'RPs' }).click();
    await page.getByText('No RP is registered yet.').waitFor();
    await page.waitForLoadState('networkidle');
    await service.setClock(new Date(Date.now() + 36 * MINUTE).toISOString());
    try {
      await page.getByRole('link', { name: 'Administrators' }).click();
      await page.getByRole('status').getByText('Your session has ended. Sign in again.').waitFor();
      await authenticator.agrees(true);
      await withPasskey(person).click();
      await title(person, 'Administrators').waitFor();
      expect(page.url()).toBe(`${service.url}/administrators`);
    } finally {
      await service.resetClock();
    }
  });

  it('fails with a message if the authenticator cannot verify the user', async () => {
    const person = await signUp(service);
    await withoutOffers(person);
    await signOut(person);
    await person.authenticator.verifiesUser(false);
    await person.authenticator.agrees(true);
    await withPasskey(person).click();
    await person.page.getByText('No passkey was used. Try again when you are ready.').waitFor();
    expect(await statusOf(person, 'GET /v1/sessions/current')).toBe(401);
  });

  it('uses accessible pages in each language and theme', LOOKING, async () => {
    const texts = {
      signUp: { en: 'Sign up', ja: '登録する' },
      plans: { en: 'Compare plans', ja: 'プランを比較' },
      withPasskey: { en: 'Sign in with a passkey', ja: 'パスキーでサインイン' },
      next: { en: 'Continue', ja: '続ける' },
      later: { en: 'Not now', ja: 'あとで' },
      instead: { en: 'Sign in with an existing passkey', ja: '手元のパスキーでサインイン' },
    };
    const email = newEmail();
    await service.send('POST /v1/customers', {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email },
    });
    await expectAccessible(service, await signUp(service), [
      async ({ page }, say) => {
        await page.goto('/sign-up');
        await page.getByRole('button', { name: say(texts.signUp) }).click();
        const missing = say({ en: 'Must not be empty', ja: '入力してください' });
        await page.getByText(missing).first().waitFor();
        expect(await page.getByRole('textbox', { description: missing }).count()).toBe(3);
      },
      async ({ page }, say) => {
        await page.getByRole('button', { name: say(texts.plans) }).click();
        await page.getByRole('rowheader', { name: 'Enterprise' }).waitFor();
      },
      async ({ page }, say) => {
        await page.goto('/sign-in');
        await page.getByRole('button', { name: say(texts.withPasskey) }).click();
        await page.getByRole('alert').waitFor();
      },
      async ({ page }, say) => {
        await page.goto('/sign-up');
        await page.goto('/sign-in#token=none');
        await page.getByRole('button', { name: say(texts.next) }).click();
        await page.getByRole('alert').waitFor();
      },
      async ({ page }, say) => {
        await service.send('POST /v1/sign-in-links', { email });
        await page.goto('/sign-up');
        await page.goto(await service.linkTo(email));
        await page.getByRole('button', { name: say(texts.next) }).click();
        await page.getByRole('button', { name: say(texts.later) }).waitFor();
      },
      async ({ page }, say) => {
        const recovering = await signUp(service);
        await service.send('POST /v1/sign-in-links', { email: recovering.email });
        await page.goto('/sign-up');
        await page.goto(await service.linkTo(recovering.email));
        await page.getByRole('button', { name: say(texts.next) }).click();
        await page.getByRole('button', { name: say(texts.instead) }).click();
        await page.getByRole('alert').waitFor();
      },
    ]);
  });
});
