import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { dateTime } from './support/date-time.ts';
import { expectWrong } from './support/forms.ts';
import { held } from './support/held.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, signInAgain, signUp, type Person, ELSEWHERE } from './support/people.ts';
import { visit } from './support/visit.ts';

interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

describeInBrowser('the account section of the console', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  const passkeysOf = async ({ call }: Person) => ((await call('GET /v1/passkeys')).body as { items: Passkey[] }).items;
  const openFromMenu = async ({ page }: Person, item: string) => {
    await page.getByRole('button', { name: 'Account of Alice Arai' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await page.getByRole('heading', { level: 1, name: item }).waitFor();
  };
  const addPasskey = async ({ page }: Person, name: string) => {
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  };

  it('lets a person add, rename and remove passkeys, and sign in with an added passkey', async () => {
    const alice = await signUp(service);
    const { page, authenticator } = alice;
    await openFromMenu(alice, 'Passkeys');
    await page.getByRole('row', { name: /My passkey.*Never/ }).waitFor();

    // A device that has a passkey of a person refuses to store another passkey of the same person.
    await addPasskey(alice, 'Second');
    await page.getByText('This device already has one of your passkeys.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Second');
    expect(await passkeysOf(alice)).toHaveLength(1);
    await authenticator.removeAll();
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
    await page.getByRole('row', { name: /Second.*Never/ }).waitFor();
    expect(await authenticator.credentials()).toHaveLength(1);

    // The authenticator of the page `elsewhere` stores only the second passkey, so autofill signs in with this passkey.
    const elsewhere = await visit({ url: service.url });
    await authenticator.copyTo(elsewhere.authenticator);
    await elsewhere.page.goto('/');
    await elsewhere.page.getByRole('button', { name: 'Account of Alice Arai' }).waitFor();
    await page.reload();
    const [first, second] = await passkeysOf(alice);
    expect([first, second]).toMatchObject([
      { name: 'My passkey', lastUsedAt: null },
      { name: 'Second', lastUsedAt: expect.any(String) as string },
    ]);
    await page
      .getByRole('row', { name: /Second/ })
      .getByText(dateTime(second?.lastUsedAt ?? ''))
      .last()
      .waitFor();
    expect(await page.getByRole('row', { name: /Second.*Never/ }).count()).toBe(0);

    await page.getByRole('button', { name: 'Rename: Second' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Security key');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Security key/ }).waitFor();
    await page.getByRole('button', { name: 'Remove: My passkey' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove the passkey My passkey?' });
    await dialog.getByText('You can no longer sign in with this passkey.').waitFor();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('row', { name: /My passkey/ }).waitFor({ state: 'detached' });
    expect(await passkeysOf(alice)).toEqual([{ ...second, name: 'Security key' }]);
  });

  it('does not let a person remove the last passkey, and explains why', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { page, authenticator } = alice;
    await authenticator.removeAll();
    await page.goto('/passkeys');
    const why = 'This is your last passkey. Add another passkey before you remove this one.';
    const button = page.getByRole('button', { name: 'Remove: My passkey', description: why });
    await button.waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);

    await addPasskey(alice, 'Second');
    await page.getByRole('button', { name: 'Remove: Second' }).click();
    const [first, second] = await passkeysOf(alice);
    expect((await alice.call(`DELETE /v1/passkeys/${first?.id ?? ''}`)).status).toBe(204);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByText(why).waitFor();
    expect(await passkeysOf(alice)).toEqual([second]);
  });

  it('adds no passkey if the person cancels or enters no name', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { page, authenticator } = alice;
    await authenticator.removeAll();
    await page.goto('/passkeys');
    await addPasskey(alice, '  ');
    await expectWrong(page.getByRole('textbox', { name: 'Name' }), 'Must not be empty');
    expect(await authenticator.credentials()).toEqual([]);
    await authenticator.verifiesUser(false);
    await page.getByRole('textbox', { name: 'Name' }).fill('Second');
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
    await page.getByText('No passkey was used. Try again when you are ready.').waitFor();
    expect(await passkeysOf(alice)).toHaveLength(1);
  });

  it('changes the e-mail address after the person confirms the new address, and notifies the old address', async () => {
    const alice = await signUp(service);
    const { page } = alice;
    const email = newEmail();
    await openFromMenu(alice, 'E-mail address');
    const field = page.getByLabel('New e-mail address');
    await field.fill(alice.email.toUpperCase());
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('This is your current address.').waitFor();
    await field.fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByRole('status').filter({ hasText: email }).waitFor();
    const link = await service.linkTo(email);
    const told = (await service.mailsTo(alice.email)).length;

    // The page `elsewhere` has no session. It opens the link as a mail scanner might, and the link stays valid.
    const elsewhere = await visit({ url: service.url });
    await elsewhere.page.goto(link);
    await elsewhere.page.getByRole('heading', { name: 'Confirm your e-mail address' }).waitFor();
    expect(elsewhere.page.url()).toBe(`${service.url}/confirm-email`);
    expect((await alice.call('GET /v1/sessions/current')).body).toMatchObject({
      administrator: { email: alice.email },
    });
    await elsewhere.page.getByRole('button', { name: 'Confirm this address' }).click();
    await elsewhere.page.getByText(`Your e-mail address is now ${email}.`).waitFor();

    // The session began with a link to the old address, so it has ended.
    expect((await alice.call('GET /v1/sessions/current')).status).toBe(401);
    await signInAgain(alice);
    expect((await alice.call('GET /v1/sessions/current')).body).toMatchObject({ administrator: { email } });
    await expect.poll(async () => (await service.mailsTo(alice.email)).length).toBe(told + 1);
    expect((await service.mailsTo(alice.email)).at(-1)?.subject).toMatch(/^Your e-mail address .* was changed$/);
    await page.goto('/email');
    await page.getByRole('definition').filter({ hasText: email }).waitFor();

    await elsewhere.page.goto('/sign-in');
    await elsewhere.page.goto(link);
    await elsewhere.page.getByRole('button', { name: 'Confirm this address' }).click();
    await elsewhere.page.getByText('The link is invalid, expired or already used.').waitFor();
    await elsewhere.page.getByRole('link', { name: 'Open the console' }).click();
    await elsewhere.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
  });

  it('requires a recent sign-in to change the address or to add or remove a passkey', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { page, authenticator } = alice;
    const email = newEmail();
    /**
     * Sets the service's clock to `minutes` minutes after the current time, performs an action, checks that the action
     * has no effect yet, and confirms with a passkey. After the confirmation, the console completes the action by
     * itself.
     */
    const confirmed = async (minutes: number, act: () => Promise<void>, nothingHappened: () => Promise<void>) => {
      await service.setClock(new Date(Date.now() + minutes * 60_000).toISOString());
      await act();
      const alert = page.getByRole('alert').filter({ hasText: 'Confirm that it is you' });
      await alert.getByText('You signed in more than 5 minutes ago.').waitFor();
      await nothingHappened();
      await alert.getByRole('button', { name: 'Use a passkey' }).click();
    };
    const add = () => page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
    try {
      await page.goto('/passkeys');
      const addSecond = () => addPasskey(alice, 'Second');
      await confirmed(6, addSecond, async () => {
        expect(await passkeysOf(alice)).toHaveLength(1);
      });
      await page.getByText('This device already has one of your passkeys.').waitFor();
      expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Second');
      await authenticator.removeAll();
      await add();
      await page.getByRole('row', { name: /Second/ }).waitFor();
      await expect
        .poll(() => service.mailsTo(alice.email))
        .toContainEqual(expect.objectContaining({ subject: 'A passkey was added' }));

      const removeFirst = async () => {
        await page.getByRole('button', { name: 'Remove: My passkey' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      };
      await confirmed(12, removeFirst, async () => {
        expect(await passkeysOf(alice)).toHaveLength(2);
      });
      await page.getByRole('row', { name: /My passkey/ }).waitFor({ state: 'detached' });

      await page.goto('/email');
      await page.getByLabel('New e-mail address').fill(email);
      const send = () => page.getByRole('button', { name: 'Send the link' }).click();
      await confirmed(18, send, async () => {
        expect(await service.mailsTo(email)).toEqual([]);
      });
      await page.getByRole('status').filter({ hasText: email }).waitFor();
      await expect.poll(async () => (await service.mailsTo(email)).length).toBe(1);
    } finally {
      await service.resetClock();
    }
  });

  it('does not reveal that an e-mail address belongs to another person, and sends no link to that address', async () => {
    const [alice, bob] = [await signUp(service, ELSEWHERE), await signUp(service, ELSEWHERE)];
    const before = (await service.mailsTo(bob.email)).length;
    await alice.page.goto('/email');
    await alice.page.getByLabel('New e-mail address').fill(bob.email);
    await alice.page.getByRole('button', { name: 'Send the link' }).click();
    await alice.page.getByRole('status').filter({ hasText: bob.email }).waitFor();

    expect(await service.mailsTo(bob.email)).toHaveLength(before);
  });

  it('sends a form only once if the person submits the form again during the confirmation with a passkey', async () => {
    const { page } = await signUp(service, ELSEWHERE);
    const email = newEmail();
    const send = page.getByRole('button', { name: 'Send the link' });
    const read = '**/v1/sessions/current';
    try {
      await page.goto('/email');
      await page.getByLabel('New e-mail address').fill(email);
      await service.setClock(new Date(Date.now() + 6 * 60_000).toISOString());
      await send.click();
      const alert = page.getByRole('alert').filter({ hasText: 'Confirm that it is you' });
      await alert.waitFor();
      const hold = await held(page, read);
      const isReadAnew = page.waitForRequest(read);
      await alert.getByRole('button', { name: 'Use a passkey' }).click();
      await isReadAnew;
      await send.click();
      await page.getByRole('status').filter({ hasText: email }).waitFor();
      hold.release();
      await page.waitForLoadState('networkidle');
      await service.drain();
      expect(await service.mailsTo(email)).toHaveLength(1);
    } finally {
      await service.resetClock();
    }
  });

  it('explains on the confirmation page what to do if the person opens the page without a link', async () => {
    const { page } = await visit({ url: service.url, locale: 'ja-JP' });
    await page.goto('/confirm-email');
    await page.getByText('メールに記載されたリンクからこのページを開いてください。').waitFor();
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
  });

  it('has accessible pages and dialogs', LOOKING, async () => {
    const alice = await signUp(service, ELSEWHERE);
    await expectAccessible(service, alice, [
      async ({ page }) => {
        await page.goto('/passkeys');
        await page.getByRole('row', { name: /My passkey/ }).waitFor();
      },
      async ({ page }, say) => {
        await page.getByRole('button', { name: say({ en: 'Add a passkey', ja: 'パスキーを追加' }) }).click();
        await page.getByRole('dialog').getByRole('textbox').fill(' ');
        await page.keyboard.press('Enter');
        await page.getByText(say({ en: 'Must not be empty', ja: '入力してください' })).waitFor();
      },
      async ({ page }, say) => {
        await page.goto('/email');
        await page.getByLabel(say({ en: 'New e-mail address', ja: '新しいメールアドレス' })).fill(newEmail());
        await page.keyboard.press('Enter');
        await page.getByRole('status').filter({ hasText: '@example.com' }).waitFor();
      },
      async ({ page }, say) => {
        await page.goto(`/confirm-email#token=lnk_${'0'.repeat(43)}`);
        await page.getByRole('button', { name: say({ en: 'Confirm this address', ja: 'このアドレスを確認' }) }).click();
        await page.getByRole('alert').waitFor();
      },
    ]);
  });
});
