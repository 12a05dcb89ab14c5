import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CustomerView } from '../../functions/contract/customers.ts';
import { describeInBrowser } from './support/chromium.ts';
import { download, readCsv } from './support/downloads.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, openLink, signInAgain, signUp, visitBy, type Person } from './support/people.ts';
import { visit, type Visit } from './support/visit.ts';

const MINUTE = 60_000;
const NAME = 'Example Corporation';

describeInBrowser('unsubscribing in the console without a grace period', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart({ unsubscribeGraceHours: 0 });
  });
  afterAll(() => service.stop());

  const viewOf = async ({ call }: Person) => (await call('GET /v1/customer')).body as CustomerView;
  const dialogOf = ({ page }: Pick<Visit, 'page'>) =>
    page.getByRole('dialog', { name: 'Unsubscribe from the service' });
  const block = ({ page }: Pick<Visit, 'page'>) => page.getByRole('region', { name: 'Unsubscribe', exact: true });
  const addAdministrator = async ({ call }: Person, name: string): Promise<string> => {
    const email = newEmail();
    const added = await call('POST /v1/administrators', { name, email, privilege: 'privileged' });
    expect(added.status).toBe(201);
    return email;
  };
  const setLicense = async (person: Person, license: object) => {
    const { customer } = await viewOf(person);
    await service.operate({ command: 'set-license', customerId: customer.id, ...license });
  };
  /** Calls the API as an RP's server, and returns the status. */
  const callAs = async (apiKey: string, request: string, body: object): Promise<number> => {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.status;
  };
  /** Opens the dialog, types a name and clicks Unsubscribe. */
  async function confirmWith(person: Pick<Visit, 'page'>, name: string): Promise<void> {
    await block(person).getByRole('button', { name: 'Unsubscribe' }).click();
    await dialogOf(person)
      .getByLabel(/^To confirm, type the customer name/)
      .fill(name);
    await dialogOf(person).getByRole('button', { name: 'Unsubscribe' }).click();
  }
  const left = ({ page }: Pick<Visit, 'page'>) =>
    page.getByRole('heading', { level: 1, name: 'You have unsubscribed' });

  it('deletes everything that the dialog lists, and frees the e-mail address for a new sign-up', async () => {
    await service.setClock('2031-01-20T09:00:00Z');
    try {
      const person = await signUp(service);
      const { page, email } = person;
      await addAdministrator(person, 'Bob Bauer');
      const rp = (await person.call('POST /v1/rps', { rpId: 'shop.example.com', name: 'Shop' })).body as { id: string };
      const key = await person.call(`POST /v1/rps/${rp.id}/api-keys`, { name: 'Production' });
      const { apiKey } = key.body as { apiKey: string };
      const users = Array.from({ length: 12 }, (_, index) => ({ userId: `user-${index}` }));
      expect(await callAs(apiKey, 'POST /v1/rp/users', { users })).toBe(200);
      await service.setClock('2031-02-04T09:00:00Z');
      await service.fire('month-close');
      const operations = users.slice(0, 7).map(({ userId }) => ({ userId, type: 'authentication' }));
      expect(await callAs(apiKey, 'POST /v1/rp/operations', { operations })).toBe(200);
      await service.drain();

      await signInAgain(person);
      await block(person).getByRole('button', { name: 'Unsubscribe' }).click();
      const dialog = dialogOf(person);
      await dialog.getByRole('definition').first().waitFor();
      expect(await dialog.getByRole('definition').allInnerTexts()).toEqual(['1', '12', '7', '1', '2']);
      expect(await viewOf(person)).toMatchObject({
        license: { registeredRps: 1, registeredUsers: 12, mauThisMonth: 7 },
      });
      for (const path of ['/v1/customer/statements', '/v1/administrators']) {
        const { items } = (await person.call(`GET ${path}`)).body as { items: unknown[] };
        expect(items).toHaveLength(path.endsWith('statements') ? 1 : 2);
      }
      const statements = await download(page, dialog.getByRole('button', { name: 'Download the statements (CSV)' }));
      expect(statements.name).toBe('statements-until-2031-01.csv');
      expect(statements.text).toBe(`\uFEFF${await readCsv(page, '/v1/customer/statements')}`);
      await dialog.getByText(`When everything is deleted, we send an e-mail to ${email}.`).waitFor();
      await dialog.getByText('at most 35 days and in logs for at most 30 days').waitFor();

      const confirmation = dialog.getByLabel(/^To confirm, type the customer name/);
      for (const wrong of ['', NAME.toLowerCase(), `${NAME}.`]) {
        await confirmation.fill(wrong);
        await dialog.getByRole('button', { name: 'Unsubscribe' }).click();
        expect((await viewOf(person)).customer.status).toBe('active');
      }
      await dialog.getByText('This is not the customer name').waitFor();
      await service.setClock('2031-02-04T09:20:00Z'); // long after signing in
      await confirmation.fill(` ${NAME.replaceAll(' ', '\u3000')}\u200b`); // the same name for a reader
      await dialog.getByRole('button', { name: 'Unsubscribe' }).click();
      await left(person).waitFor();
      expect(page.url()).toBe(`${service.url}/unsubscribed`);
      await page.getByText(`we send an e-mail to ${email}`).waitFor();

      expect((await person.call('GET /v1/sessions/current')).status).toBe(401);
      await person.authenticator.agrees(false);
      await page.goto('/sign-in');
      await person.authenticator.agrees(true);
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await page.getByText('The passkey was not accepted.').waitFor();

      const mails = async () => (await service.mailsTo(email)).map(({ subject }) => subject);
      // Lambda functions cache API keys for 10 seconds, so the service waits longer than 10 seconds before it deletes
      // the customer's data. The test sets the clock to a time after this wait.
      await service.setClock('2031-02-04T09:21:00Z');
      await expect.poll(mails, { timeout: 60_000 }).toContain('Your customer account was closed');
      expect(await callAs(apiKey, 'POST /v1/rp/users', { users: [{ userId: 'late' }] })).toBe(401);
      const { text } = (await service.mailsTo(email)).at(-1) ?? {};
      expect(text).toContain(
        'RPs: 1, users: 12, credentials of users: 0, active-user records: 7, API keys: 1, administrators: 2',
      );
      // The service deletes the customer item last, after SES has accepted the e-mail that confirms the deletion.
      const customers = () => service.operate({ command: 'list-customers' });
      await expect.poll(customers, { timeout: 60_000 }).toMatchObject({ result: { items: [] } });

      await page.goto('/unsubscribed');
      await page.getByRole('link', { name: 'Sign up again' }).click();
      await page.getByLabel('Name of your organisation').fill('Another Corporation');
      await page.getByLabel('Your name').fill('Alice Arai');
      await page.getByLabel('Your e-mail address').fill(email);
      await page.getByRole('button', { name: 'Sign up' }).click();
      await page.getByText(`If ${email} can receive a link, the e-mail is on its way.`).waitFor();
      await openLink(person, await service.linkTo(email));
      expect(await viewOf(person)).toMatchObject({
        customer: { name: 'Another Corporation', status: 'active' },
        license: { registeredRps: 0, registeredUsers: 0, mauThisMonth: 0 },
      });
    } finally {
      await service.resetClock();
    }
  });

  it('fails without the representative’s passkey, and signs in another person whose passkey is used instead', async () => {
    const alice = await signUp(service);
    const bob = await visitBy(service, await addAdministrator(alice, 'Bob Bauer'));
    await alice.authenticator.verifiesUser(false);
    await confirmWith(alice, NAME);
    await dialogOf(alice).getByRole('alert').getByText('No passkey was used.').waitFor();
    expect(
      await dialogOf(alice)
        .getByLabel(/^To confirm/)
        .inputValue(),
    ).toBe(NAME);
    expect((await viewOf(alice)).customer.status).toBe('active');

    await alice.authenticator.verifiesUser(true);
    const [own] = await alice.authenticator.credentials();
    const [bobs] = await bob.authenticator.credentials();
    await alice.authenticator.removeAll();
    if (own && bobs) await alice.authenticator.add({ ...own, privateKey: bobs.privateKey });
    await dialogOf(alice).getByRole('button', { name: 'Unsubscribe' }).click();
    await dialogOf(alice).getByRole('alert').getByText('The passkey was not accepted.').waitFor();
    expect((await viewOf(alice)).customer.status).toBe('active');

    await alice.authenticator.removeAll();
    await bob.authenticator.copyTo(alice.authenticator);
    await dialogOf(alice).getByRole('button', { name: 'Unsubscribe' }).click();
    await alice.page.getByText('This passkey belongs to Bob Bauer, who is now signed in.').waitFor();
    await alice.page.getByRole('button', { name: 'Account of Bob Bauer' }).waitFor();
    expect((await viewOf(bob)).customer.status).toBe('active');
  });

  it('requires the new customer name if the customer is renamed while the dialog is open', async () => {
    const alice = await signUp(service);
    await block(alice).getByRole('button', { name: 'Unsubscribe' }).click();
    await dialogOf(alice)
      .getByLabel(/^To confirm/)
      .fill(NAME);
    const renamed = await alice.context.request.patch('/v1/customer', {
      data: { name: 'Renamed  Corporation' },
      headers: { 'if-match': `"${(await viewOf(alice)).customer.version}"` },
    });
    expect(renamed.status()).toBe(200);
    await dialogOf(alice).getByRole('button', { name: 'Unsubscribe' }).click();
    await dialogOf(alice).getByText("Must be the customer's name, as it is shown").waitFor();
    expect(await dialogOf(alice).getByText('Renamed').innerText()).toBe('Renamed  Corporation');
    await dialogOf(alice)
      .getByLabel(/^To confirm/)
      .fill('Renamed  Corporation');
    await dialogOf(alice).getByRole('button', { name: 'Unsubscribe' }).click();
    await left(alice).waitFor();
  });

  it.each([
    { passkey: 'without a passkey', addsPasskey: false },
    { passkey: 'with a passkey that was added more than 5 minutes after the sign-in', addsPasskey: true },
  ])('continues by itself after a person $passkey has opened a new link in another tab', async ({ addsPasskey }) => {
    const email = newEmail();
    const customer = { name: NAME };
    await service.send('POST /v1/customers', { customer, representative: { name: 'Alice Arai', email } });
    const opened = await visit({ url: service.url });
    const { page } = opened;
    await page.goto(await service.linkTo(email));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Not now' }).click();
    await service.setClock(new Date(Date.now() + 6 * MINUTE).toISOString());
    try {
      if (addsPasskey) {
        await page.goto('/passkeys');
        await page.getByRole('button', { name: 'Add a passkey' }).click();
        await page.getByRole('textbox', { name: 'Name' }).fill('Phone');
        await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
        await page.getByText('Passkey added').waitFor();
        await page.goto('/');
      }
      await confirmWith(opened, NAME);
      const alert = dialogOf(opened).getByRole('alert');
      await alert.getByText(`with a link that we send to ${email}`).waitFor();
      await alert.getByRole('button', { name: 'Send a link' }).click();
      await alert.getByText('The e-mail is on its way.').waitFor();
      const another = await opened.context.newPage();
      await another.goto(await service.linkTo(email));
      await another.getByRole('button', { name: 'Continue' }).click();
      await left(opened).waitFor();
    } finally {
      await service.resetClock();
    }
  });

  it('is disabled with a reason unless the representative of a Free customer is signed in', async () => {
    const alice = await signUp(service);
    const bob = await visitBy(service, await addAdministrator(alice, 'Bob Bauer'));
    const expectClosed = async (person: Person, reason: string) => {
      await person.page.goto('/');
      const button = block(person).getByRole('button', { name: 'Unsubscribe', description: reason });
      await button.click({ force: true });
      expect(await button.getAttribute('aria-disabled')).toBe('true');
      await block(person).getByText(reason).filter({ visible: true }).waitFor();
      expect(await person.page.getByRole('dialog').count()).toBe(0);
    };
    await expectClosed(bob, 'Only the representative can unsubscribe: Alice Arai.');

    await setLicense(alice, { type: 'business', endsAt: '2099-01-01T00:00:00Z' });
    await expectClosed(alice, 'To cancel a paid plan, contact us.');
    const contact = block(alice).getByRole('link', { name: 'sales@example.com' });
    expect(await contact.getAttribute('href')).toBe('mailto:sales@example.com');
    expect((await viewOf(alice)).customer.status).toBe('active');
    await expectClosed(bob, 'Only the representative can unsubscribe: Alice Arai.');
    await bob.page.waitForLoadState('networkidle');
    expect(await block(bob).getByText('Write to').count()).toBe(0);
  });

  it('is disabled until the last paid month is billed', async () => {
    await service.setClock('2032-01-20T09:00:00Z');
    try {
      const alice = await signUp(service);
      await setLicense(alice, { type: 'business', endsAt: '2099-01-01T00:00:00Z' });
      await service.setClock('2032-02-01T00:10:00Z');
      await signInAgain(alice);
      await setLicense(alice, { type: 'free' });
      await alice.page.reload();
      await block(alice)
        .getByText(/The earliest time to unsubscribe is Feb 11, 2032, .*\./)
        .filter({ visible: true })
        .waitFor();
      await service.setClock('2032-02-04T00:10:00Z');
      await service.fire('month-close');
      await service.setClock('2032-02-11T00:00:00Z');
      await signInAgain(alice);
      await confirmWith(alice, NAME);
      await left(alice).waitFor();
    } finally {
      await service.resetClock();
    }
  });

  it('shows an accessible dialog and final page in each language and theme', LOOKING, async () => {
    const texts = {
      open: { en: 'Unsubscribe', ja: '解約' },
      confirm: { en: 'To confirm', ja: '確認のため' },
      unsubscribe: { en: 'Unsubscribe', ja: '解約する' },
      mismatch: { en: 'This is not the customer name', ja: 'カスタマーの名称と一致しません' },
    };
    await expectAccessible(service, await signUp(service), [
      async ({ page }) => {
        await page.goto('/unsubscribed');
        await page.getByRole('heading', { level: 1 }).waitFor();
      },
      async ({ page }, say) => {
        await page.goto('/');
        await page.getByRole('button', { name: say(texts.open) }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel(say(texts.confirm)).fill('Another');
        await dialog.getByRole('button', { name: say(texts.unsubscribe) }).click();
        await dialog.getByText(say(texts.mismatch)).waitFor();
      },
    ]);
  });
});
