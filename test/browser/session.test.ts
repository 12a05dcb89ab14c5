import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Authenticator } from './support/authenticator.ts';
import { describeInBrowser } from './support/chromium.ts';
import { held } from './support/held.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, openLink, signUp, withoutOffers } from './support/people.ts';
import { visit } from './support/visit.ts';

describeInBrowser('the console', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  /** Signs another customer up, and returns the e-mail address of its representative, who has no passkey yet. */
  async function signUpElsewhere(name: string): Promise<string> {
    const email = newEmail();
    await service.send('POST /v1/customers', {
      customer: { name: 'Other Corporation' },
      representative: { name, email },
    });
    return email;
  }
  const edit = async (page: Page, name: string, newName: string) => {
    await page.getByRole('button', { name: `Edit: ${name}` }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(newName);
  };
  const openEdit = async (page: Page) => {
    await page.goto('/administrators');
    await edit(page, 'Alice Arai', 'Alice Abe');
  };
  const signsIn = (page: Page) => page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
  const use = (page: Page) => page.getByRole('button', { name: 'Continue' }).click();
  const unavailable = (route: Route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      json: { type: '/problems/unavailable', status: 503, title: 'Unavailable', requestId: 'r-1' },
    });

  it('removes a person’s data from all tabs when another person signs in', async () => {
    const alice = await signUp(service);
    const bob = await signUpElsewhere('Bob Baba');
    await openEdit(alice.page);
    const other = await alice.context.newPage();
    const authenticator = await Authenticator.of(other);
    await openLink({ page: other }, await service.linkTo(bob));

    await alice.page.getByRole('button', { name: 'Account of Bob Baba' }).waitFor();
    await alice.page.getByRole('dialog').waitFor({ state: 'detached' });
    await alice.page.getByRole('row', { name: /Bob Baba/ }).waitFor();
    expect(await alice.page.getByText(/Alice/).count()).toBe(0);

    // Without passkeys, the autofill cannot sign anybody in again.
    await Promise.all([alice.authenticator.removeAll(), authenticator.removeAll()]);
    await edit(alice.page, 'Bob Baba', 'Bob Beppu');
    await other.getByRole('button', { name: 'Account of Bob Baba' }).click();
    await other.getByRole('menuitem', { name: 'Sign out' }).click();
    await signsIn(alice.page);
    expect(await alice.page.getByText(/Bob/).count()).toBe(0);
    expect(await alice.page.getByRole('textbox', { name: 'Name', includeHidden: true }).count()).toBe(0);
  });

  it('keeps the person signed in if the sign-out fails, and lets the person try again', async () => {
    const { page, authenticator, problems } = await signUp(service);
    await authenticator.removeAll();
    const hold = await held(page, '**/v1/sessions/current', 'DELETE');
    await page.getByRole('button', { name: 'Account of Alice Arai' }).click();
    const signOut = page.getByRole('menuitem', { name: 'Sign out' });
    await signOut.click();
    await signOut.and(page.locator('[aria-busy=true]')).waitFor();
    hold.release(500);
    const said = page.getByRole('alert').filter({ hasText: 'You are still signed in' });
    await said.getByText('Something went wrong. Try again later. (Request ID: req-held)').waitFor();
    await page.unroute('**/v1/sessions/current');
    await signOut.click();
    await signsIn(page);
    expect(problems.take()).toHaveLength(1);
  });

  it('does not save one person’s input after another person has signed in', async () => {
    const { page, context } = await signUp(service);
    await page.getByRole('region', { name: 'Customer information' }).getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Alice Abe Corporation');
    const link = await service.linkTo(await signUpElsewhere('Bob Baba'));
    // The test signs Bob in with an API request, so no other tab tells this tab about the new session.
    const signedIn = await context.request.post('/v1/sessions', { data: { token: link.split('#token=')[1] } });
    expect(signedIn.status()).toBe(201);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();

    await page.getByRole('heading', { name: 'Register a passkey' }).waitFor();
    await page.getByText('Bob Baba').waitFor();
    const view = (await (await context.request.get('/v1/customer')).json()) as { customer: object };
    expect(view.customer).toMatchObject({ name: 'Other Corporation', version: 1 });
  });

  it('keeps unsaved input while the person signs in again', async () => {
    const person = await signUp(service);
    const { page, context } = person;
    await withoutOffers(person);
    const block = page.getByRole('region', { name: 'Customer information' });
    await block.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Abe Corporation');
    await context.clearCookies();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();

    await signsIn(page);
    await page.getByText('Sign in again to continue. Your input is kept.').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.getByText(/Alice/).filter({ visible: true }).count()).toBe(0);
    await page.keyboard.press('Escape'); // does not close the hidden dialog
    // The console reads the session again when the person returns to the tab.
    const read = page.waitForResponse('**/v1/sessions/current');
    await page.evaluate(`window.dispatchEvent(new Event('visibilitychange'))`);
    expect((await read).status()).toBe(401);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Nothing was saved, because your session had ended. Try again.').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Abe Corporation');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await block.getByText('Abe Corporation').waitFor();
  });

  it('keeps no data on the page after the session has ended', async () => {
    const { page, authenticator, context } = await signUp(service);
    await authenticator.removeAll();
    await page.goto('/administrators');
    await page.getByRole('row', { name: /Alice Arai/ }).waitFor();
    await context.clearCookies();
    await page.getByRole('link', { name: 'RPs' }).click();

    await signsIn(page);
    await page.getByRole('main').getByText('Your session has ended. Sign in again.').waitFor();
    expect(await page.getByText(/Alice/).count()).toBe(0);
  });

  it('lets the person try a sign-in link again after a 503 response', async () => {
    const email = await signUpElsewhere('Bob Baba');
    const { page, problems } = await visit({ url: service.url });
    await page.goto(await service.linkTo(email));
    await page.route('**/v1/sessions', unavailable, { times: 1 });
    await use(page);
    await page.getByText('The service is busy.').waitFor();
    expect(problems.take()).toHaveLength(1);
    await use(page);
    await page.getByText(`You are signed in as Bob Baba (${email}).`).waitFor();
  });

  it('continues after a passkey registration even if the browser does not get the response', async () => {
    const { page, context, email, authenticator, problems } = await signUp(service);
    await authenticator.removeAll();
    await context.clearCookies();
    await service.send('POST /v1/sign-in-links', { email });
    await page.goto(await service.linkTo(email));
    await use(page);
    await page.getByText(`You are signed in as Alice Arai (${email}).`).waitFor();
    await page.route('**/v1/passkeys', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      return route.abort();
    });
    await page.getByRole('button', { name: 'Register a passkey' }).click();
    await page.getByRole('button', { name: 'Account of Alice Arai' }).waitFor();
    problems.take();
  });

  it('shows an error if a sign-in by autofill fails, and requests no challenge in a hidden tab', async () => {
    const { page, context, authenticator, problems } = await signUp(service);
    let asked = 0;
    await page.route('**/v1/sessions/options', (route) => {
      asked += 1;
      return route.continue();
    });
    await page.route('**/v1/sessions', unavailable);
    await page.clock.install();
    await context.clearCookies();
    await page.goto('/');
    await page.getByText('The service is busy.').waitFor();
    expect(asked).toBe(1);
    await authenticator.removeAll();
    const visibility = (state: string) =>
      page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    await visibility('hidden');
    await page.clock.runFor('30:00');
    expect(asked).toBe(1);
    await visibility('visible');
    await expect.poll(() => asked).toBe(2);
    expect(problems.take()).toHaveLength(1);
  });
});
