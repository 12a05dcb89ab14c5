import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, signUp, visitBy, withoutOffers, type Person } from './support/people.ts';
import { visit } from './support/visit.ts';

describeInBrowser('the console after a recovery', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  /** Adds a privileged administrator, Bob, who registers a passkey and then another passkey with a recovery link. */
  async function recovered(alice: Person): Promise<{ older: Person; bob: Person }> {
    const email = newEmail();
    await alice.call('POST /v1/administrators', { name: 'Bob Baba', email, privilege: 'privileged' });
    const older = await visitBy(service, email);
    await service.send('POST /v1/sign-in-links', { email });
    return { older, bob: await visitBy(service, email) };
  }

  it('says on every page which actions are blocked, and until when', async () => {
    const { page } = (await recovered(await signUp(service))).bob;
    for (const path of ['/', '/rps', '/administrators', '/email', '/sessions', '/passkeys']) {
      await page.goto(path);
      await page
        .getByRole('status')
        .getByText(/^Some actions are blocked until/)
        .waitFor();
    }
  });

  it('blocks changes that need a recent sign-in', async () => {
    const { page } = (await recovered(await signUp(service))).bob;
    await page.goto('/passkeys');
    await page.getByRole('button', { name: 'Remove: My passkey' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page
      .getByRole('alert')
      .getByText(/^A passkey was added with a recovery link. For your protection, you cannot do this until/)
      .waitFor();
  });

  it('lets a privileged administrator undo the recovery', async () => {
    const alice = await signUp(service);
    const { older, bob } = await recovered(alice);
    const { page } = alice;
    await page.goto('/administrators');
    await page
      .getByRole('row', { name: /Bob Baba/ })
      .getByText(/^Recovery hold until/)
      .waitFor();
    await page.getByRole('button', { name: 'Undo recovery: Bob Baba' }).click();
    const dialog = page.getByRole('dialog', { name: 'Undo the recovery of Bob Baba?' });
    await dialog.getByRole('button', { name: 'Undo recovery' }).click();
    await page.getByText('Recovery of Bob Baba undone').waitFor();
    await page.getByText(/^Recovery hold until/).waitFor({ state: 'detached' });
    expect((await bob.call('GET /v1/sessions/current')).status).toBe(401);

    // The older passkey still signs Bob in, and the new one does not.
    for (const { page: theirs } of [older, bob]) await withoutOffers({ page: theirs });
    for (const { page: theirs } of [older, bob]) {
      await theirs.goto('/sign-in');
      await theirs.getByRole('button', { name: 'Sign in with a passkey' }).click();
    }
    await older.page.getByRole('heading', { level: 1, name: 'Customer' }).waitFor();
    await bob.page.getByText('The passkey was not accepted.').waitFor();
  });

  it('lets a privileged administrator undo their own recovery only with an older passkey', async () => {
    const { older, bob } = await recovered(await signUp(service));
    const undoButton = async ({ page }: Person) => {
      await page.goto('/administrators');
      return page.getByRole('button', { name: 'Undo recovery: Bob Baba' });
    };
    const disabled = await undoButton(bob);
    await disabled.hover();
    await bob.page
      .getByRole('tooltip')
      .getByText('To undo your own recovery, sign in with a passkey that you had before the recovery.')
      .waitFor();
    expect(await disabled.getAttribute('aria-disabled')).toBe('true');
    await withoutOffers(older);
    await older.call('DELETE /v1/sessions/current');
    await older.page.goto('/sign-in');
    await older.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await older.page.getByRole('heading', { level: 1, name: 'Customer' }).waitFor();
    await (await undoButton(older)).click();
    await older.page.getByRole('dialog').getByRole('button', { name: 'Undo recovery' }).click();
    await older.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
    expect((await bob.call('GET /v1/sessions/current')).status).toBe(401);
  });

  it('continues by itself after a person without a passkey has confirmed with a link in another tab', async () => {
    const email = newEmail();
    const wanted = newEmail();
    await service.send('POST /v1/customers', {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email },
    });
    const { page, context } = await visit({ url: service.url });
    const open = async (on: typeof page) => {
      await on.goto(await service.linkTo(email));
      await on.getByRole('button', { name: 'Continue' }).click();
    };
    await open(page);
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.goto('/email');
    await page.getByLabel('New e-mail address').fill(wanted);
    await service.setClock(new Date(Date.now() + 6 * 60_000).toISOString());
    try {
      await page.getByRole('button', { name: 'Send the link' }).click();
      const alert = page.getByRole('alert').filter({ hasText: 'Confirm that it is you' });
      await alert.getByRole('button', { name: 'Send a link' }).click();
      await alert.getByText('The e-mail is on its way.').waitFor();
      expect(await service.mailsTo(wanted)).toEqual([]);
      await open(await context.newPage());
      await page.getByRole('status').filter({ hasText: wanted }).waitFor();
      await expect.poll(async () => (await service.mailsTo(wanted)).length).toBe(1);
    } finally {
      await service.resetClock();
    }
  });

  it('lists the sessions, and ends all of them', async () => {
    const alice = await signUp(service);
    const { page } = alice;
    await page.getByRole('button', { name: 'Account of Alice Arai' }).click();
    await page.getByRole('menuitem', { name: 'Sessions' }).click();
    const row = page.getByRole('row', { name: /E-mailed link/ });
    await row.getByText('This session').waitFor();
    await row.getByText('127.0.0.1').waitFor();
    await alice.authenticator.agrees(false);
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
    expect((await alice.call('GET /v1/sessions/current')).status).toBe(401);
  });

  it('has accessible pages and dialogs', LOOKING, async () => {
    const { bob } = await recovered(await signUp(service));
    await expectAccessible(service, bob, [
      async ({ page }, say) => {
        await page.goto('/sessions');
        await page.getByRole('cell', { name: say({ en: 'Recovery link', ja: 'リカバリー用のリンク' }) }).waitFor();
        await page.getByText(say({ en: 'Some actions are blocked', ja: '一部の操作が制限' })).waitFor();
      },
      async ({ page }, say) => {
        await page.goto('/');
        await page.getByText(say({ en: 'Some actions are blocked', ja: '一部の操作が制限' })).waitFor();
      },
      async ({ page }, say) => {
        await page.goto('/administrators');
        const undo = say({ en: 'Undo recovery: Bob Baba', ja: 'リカバリーを取り消す：Bob Baba' });
        await page.getByRole('button', { name: undo }).hover();
        await page.getByRole('tooltip').waitFor();
      },
    ]);
  });
});
