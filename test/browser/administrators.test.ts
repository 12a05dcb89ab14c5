import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { expectFocusOn, expectWrong } from './support/forms.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { held } from './support/held.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, signUp, visitBy, type Person, ELSEWHERE } from './support/people.ts';
import { waitForReason } from './support/reasons.ts';

interface Administrator {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly privilege: string;
  readonly status: string;
}

describeInBrowser('the Administrators screen', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  const administratorsOf = async ({ call }: Person) =>
    ((await call('GET /v1/administrators')).body as { items: Administrator[] }).items;
  /** Adds an administrator through the API. The new administrator has not opened the activation link yet. */
  const invite = async ({ call }: Person, name: string, privilege = 'administrator'): Promise<Administrator> => {
    const { status, body } = await call('POST /v1/administrators', { name, email: newEmail(), privilege });
    expect(status).toBe(201);
    return body as Administrator;
  };
  const open = async ({ page }: Person) => {
    await page.goto('/administrators');
    await page.getByRole('row', { name: /Alice Arai/ }).waitFor();
  };
  const cellsOf = ({ page }: Person, name: string) => page.getByRole('row', { name }).getByRole('cell').allInnerTexts();

  it('adds an administrator, who becomes active after opening the activation link and registering a passkey', async () => {
    const alice = await signUp(service);
    const email = newEmail();
    await alice.page.getByRole('link', { name: 'Administrators' }).click();
    await alice.page.getByRole('button', { name: 'Add an administrator' }).click();
    const dialog = alice.page.getByRole('dialog', { name: 'Add an administrator' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Bob Baba');
    await dialog.getByRole('textbox', { name: 'E-mail address' }).fill(alice.email);
    await dialog.getByLabel('Privilege').selectOption('Privileged');
    await dialog.getByRole('button', { name: 'Add and invite' }).click();
    const address = dialog.getByRole('textbox', { name: 'E-mail address' });
    await expectWrong(address, 'This e-mail address belongs to an administrator already');
    expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Bob Baba');
    await address.fill(email);
    await dialog.getByRole('button', { name: 'Add and invite' }).click();

    await alice.page.getByRole('row', { name: /Bob Baba/ }).waitFor();
    expect(await cellsOf(alice, 'Bob Baba')).toEqual(
      expect.arrayContaining([email, 'Privileged', expect.stringMatching(/^Invited, expires on \w+ \d+, \d{4}$/)]),
    );
    const bob = await visitBy(service, email, ELSEWHERE);
    expect(await bob.authenticator.credentials()).toHaveLength(1);
    await open(alice);
    expect(await cellsOf(alice, 'Bob Baba')).toEqual(expect.arrayContaining([email, 'Privileged', 'Active']));
    expect(await cellsOf(alice, 'Alice Arai')).toEqual(
      expect.arrayContaining([expect.stringMatching(/Representative[^]*You/i), alice.email, 'Privileged', 'Active']),
    );
    expect(await administratorsOf(bob)).toEqual(
      expect.arrayContaining([expect.objectContaining({ email, privilege: 'privileged', status: 'active' })]),
    );
  });

  it('shows that an invitation has expired, and when it expires after it is sent again', async () => {
    const alice = await signUp(service, ELSEWHERE);
    await invite(alice, 'Bob Baba');
    const week = 7 * 24 * 60 * 60 * 1_000;
    await alice.page.clock.setFixedTime(Date.now() + week + 60_000);
    await open(alice);
    expect(await cellsOf(alice, 'Bob Baba')).toContain('Invitation expired');
    await alice.page.clock.setFixedTime(Date.now());
    await alice.page.getByRole('button', { name: 'Send again: Bob Baba' }).click();
    const dialog = alice.page.getByRole('dialog', { name: 'Send the invitation again?' });
    await dialog.getByText('the invitation is valid for 7 days from now').waitFor();
    await dialog.getByRole('button', { name: 'Send again' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await open(alice);
    expect(await cellsOf(alice, 'Bob Baba')).toContainEqual(expect.stringMatching(/^Invited, expires on /));
  });

  it('lets a person edit an administrator, who is signed out if the edit lowers the privilege', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { email } = await invite(alice, 'Bob Baba', 'privileged');
    const bob = await visitBy(service, email);
    // If Bob accepted the passkey that the autofill of the sign-in page offers, the page would sign Bob in again.
    await bob.authenticator.agrees(false);
    await open(alice);
    await alice.page.getByRole('button', { name: 'Edit: Bob Baba' }).click();
    const dialog = alice.page.getByRole('dialog', { name: 'Edit Bob Baba' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Robert Baba');
    await dialog.getByLabel('Privilege').selectOption('Administrator');
    await dialog.getByText('Lowering the privilege signs this person out everywhere.').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();

    await alice.page.getByRole('row', { name: /Robert Baba/ }).waitFor();
    expect(await cellsOf(alice, 'Robert Baba')).toEqual(expect.arrayContaining([email, 'Administrator']));
    expect(await administratorsOf(alice)).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'Robert Baba', email, privilege: 'administrator' })]),
    );
    await bob.page.getByRole('link', { name: 'Administrators' }).click();
    await bob.page.getByText('Your session has ended. Sign in again.').waitFor();
  });

  it('saves only the name if the person edits only the name, so that a privilege changed by another request is kept', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { id } = await invite(alice, 'Bob Baba');
    await open(alice);
    await alice.page.getByRole('button', { name: 'Edit: Bob Baba' }).click();
    expect((await alice.call(`PATCH /v1/administrators/${id}`, { privilege: 'privileged' })).status).toBe(200);
    await alice.page.getByRole('textbox', { name: 'Name' }).fill('Robert Baba');
    await alice.page.getByRole('button', { name: 'Save' }).click();

    await alice.page.getByRole('row', { name: /Robert Baba.*Privileged/ }).waitFor();
    expect(await administratorsOf(alice)).toEqual(
      expect.arrayContaining([expect.objectContaining({ id, name: 'Robert Baba', privilege: 'privileged' })]),
    );
  });

  it('lets people change their own name, but not their own privilege or the privilege of the representative', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { email } = await invite(alice, 'Bob Baba', 'privileged');
    const bob = await visitBy(service, email, ELSEWHERE);
    await open(bob);
    const privilege = bob.page.getByLabel('Privilege');

    await bob.page.getByRole('button', { name: 'Edit: Alice Arai' }).click();
    await bob.page.getByText('The representative is always privileged.').waitFor();
    expect(await privilege.isDisabled()).toBe(true);
    await bob.page.keyboard.press('Escape');
    await bob.page.getByRole('button', { name: 'Edit: Bob Baba' }).click();
    await bob.page.getByText('You cannot change your own privilege').waitFor();
    expect(await privilege.isDisabled()).toBe(true);
    const name = 'Robert Bartholomew Baba of the Meridian Rail Company';
    await bob.page.getByRole('textbox', { name: 'Name' }).fill(name);
    await bob.page.getByRole('button', { name: 'Save' }).click();
    await bob.page.getByRole('button', { name: `Account of ${name}` }).waitFor();
    // Counts the elements that shorten the name with an ellipsis.
    const cut = `[...document.querySelectorAll('[aria-label^="Account of"] *')]
      .filter((text) => getComputedStyle(text).textOverflow === 'ellipsis' && text.scrollWidth > text.clientWidth).length`;
    expect(await bob.page.evaluate(cut)).toBe(1);
  });

  it('removes an administrator, who is signed out and whose e-mail address can be added again', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { email } = await invite(alice, 'Bob Baba');
    const bob = await visitBy(service, email, ELSEWHERE);
    await open(alice);
    await alice.page.getByRole('button', { name: 'Remove: Bob Baba' }).click();
    const dialog = alice.page.getByRole('dialog', { name: 'Remove Bob Baba?' });
    await dialog.getByText('signed out everywhere at once').waitFor();
    await dialog.getByRole('button', { name: 'Remove' }).click();

    await alice.page.getByRole('row', { name: /Bob Baba/ }).waitFor({ state: 'detached' });
    await expectFocusOn(alice.page, 'All administrators');
    expect(await administratorsOf(alice)).toEqual([expect.objectContaining({ email: alice.email })]);
    expect((await bob.call('GET /v1/sessions/current')).status).toBe(401);
    const added = await alice.call('POST /v1/administrators', { name: 'Bob', email, privilege: 'administrator' });
    expect(added.status).toBe(201);
  });

  it('keeps the focus in a dialog that the person opens while the list reloads after a removal', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { page } = alice;
    await invite(alice, 'Bob Baba');
    await open(alice);
    let release = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/v1/administrators*', async (route) => {
      if (route.request().method() === 'GET') await isHeld;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Remove: Bob Baba' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add an administrator' }).click();
    const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
    await name.fill('Carol Chiba');
    release();
    await page.getByText('Bob Baba removed').waitFor();
    await name.and(page.locator(':focus')).waitFor();
  });

  it('shows an error in the removal dialog if somebody else has already removed the administrator', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { id } = await invite(alice, 'Bob Baba');
    await open(alice);
    await alice.page.getByRole('button', { name: 'Remove: Bob Baba' }).click();
    expect((await alice.call(`DELETE /v1/administrators/${id}`)).status).toBe(204);
    const dialog = alice.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'Request ID' }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('closes the removal dialog when the person goes back, but an error still appears if the removal fails', async () => {
    const alice = await signUp(service);
    const { page, problems } = alice;
    await invite(alice, 'Bob Baba');
    await page.getByRole('link', { name: 'Administrators' }).click();
    const hold = await held(page, '**/v1/administrators/*', 'DELETE');
    await page.getByRole('button', { name: 'Remove: Bob Baba' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByRole('button', { name: 'Cancel', disabled: true }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Customer' }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    hold.release(500);
    await page.getByRole('alert').filter({ hasText: 'The action failed' }).getByText('req-held').waitFor();
    expect(await administratorsOf(alice)).toHaveLength(2);
    expect(problems.take()).toHaveLength(1);
  });

  it('requires a recent sign-in to grant a privilege, and keeps the input until the person confirms with a passkey', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { page } = alice;
    const bob = await invite(alice, 'Bob Baba');
    await visitBy(service, bob.email, ELSEWHERE);
    const dialog = page.getByRole('dialog');
    const now = Date.now();
    /**
     * Sets the service's clock to `minutes` minutes after the start of the test, so that the last sign-in is too old
     * for the change. Clicks a button, uses a passkey, and waits until the console closes the dialog by itself.
     */
    const confirmed = async (minutes: number, button: string) => {
      await service.setClock(new Date(now + minutes * 60_000).toISOString());
      await dialog.getByRole('button', { name: button }).click();
      await dialog.getByRole('button', { name: 'Use a passkey' }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    try {
      await open(alice);
      await page.getByRole('button', { name: 'Add an administrator' }).click();
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Carol Chiba');
      await dialog.getByRole('textbox', { name: 'E-mail address' }).fill(newEmail());
      await dialog.getByLabel('Privilege').selectOption('Privileged');
      await confirmed(6, 'Add and invite');
      await page.getByRole('row', { name: /Carol Chiba.*Privileged/ }).waitFor();
      await page.getByRole('button', { name: 'Edit: Bob Baba' }).click();
      await dialog.getByLabel('Privilege').selectOption('Privileged');
      await confirmed(12, 'Save');
      await page.getByRole('row', { name: /Bob Baba.*Privileged/ }).waitFor();

      await page.goto('/');
      await page.getByRole('button', { name: 'Change: Representative' }).click();
      await dialog.getByRole('radio', { name: 'Bob Baba' }).check();
      await dialog.getByRole('button', { name: 'Continue' }).click();
      await confirmed(18, 'Change the representative');
      expect((await alice.call('GET /v1/customer')).body).toMatchObject({ representative: { name: 'Bob Baba' } });
    } finally {
      await service.resetClock();
    }
  });

  it('does not let people remove themselves or the representative, and explains why', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { email } = await invite(alice, 'Bob Baba', 'privileged');
    const bob = await visitBy(service, email, ELSEWHERE);
    await open(bob);
    const ownButton = bob.page.getByRole('button', {
      name: 'Remove: Bob Baba',
      description: 'You cannot remove yourself. Another privileged administrator can.',
    });
    await ownButton.waitFor();
    const ofRepresentative = {
      name: 'Remove: Alice Arai',
      description: 'The representative cannot be removed. Change the representative first.',
    };
    const representatives = bob.page.getByRole('button', ofRepresentative);
    // Alice is the representative. The Remove button in Alice's row shows the same reason to Alice and to Bob, because
    // nobody can remove the representative.
    await open(alice);
    await alice.page.getByRole('button', ofRepresentative).waitFor();
    for (const button of [ownButton, representatives]) {
      expect(await button.getAttribute('aria-disabled')).toBe('true');
      await button.click({ force: true });
      expect(await bob.page.getByRole('dialog').count()).toBe(0);
    }
    // The reason also appears when the Remove button in Bob's row gets the focus from the keyboard. In tab order, the
    // two buttons in Bob's row, Edit and Remove, follow the button that removes Alice.
    await bob.page.keyboard.press('Tab');
    await bob.page.keyboard.press('Tab');
    await ownButton.and(bob.page.locator(':focus')).waitFor();
    await waitForReason(bob.page, 'You cannot remove yourself');
    expect(await administratorsOf(alice)).toHaveLength(2);
  });

  it('shows the list to administrators who are not privileged, but disables all changes and explains why', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { email } = await invite(alice, 'Bob Baba');
    await invite(alice, 'Carol Chiba');
    const bob = await visitBy(service, email, ELSEWHERE);
    await open(bob);
    const invited = expect.stringMatching(/^Invited, expires on /) as string;
    expect(await cellsOf(bob, 'Carol Chiba')).toEqual(expect.arrayContaining(['Administrator', invited]));
    const description = 'Only privileged administrators can do this.';
    for (const name of ['Add an administrator', 'Edit: Bob Baba', 'Remove: Carol Chiba', 'Send again: Carol Chiba']) {
      const button = bob.page.getByRole('button', { name, description });
      expect(await button.getAttribute('aria-disabled'), name).toBe('true');
      await button.click({ force: true });
      expect(await bob.page.getByRole('dialog').count(), name).toBe(0);
    }
  });

  it('lets a person send an invitation again until the invited person opens the link', async () => {
    const alice = await signUp(service, ELSEWHERE);
    const { email } = await invite(alice, 'Bob Baba');
    const first = await service.linkTo(email);
    await open(alice);
    expect(await alice.page.getByRole('button', { name: 'Send again: Alice Arai' }).count()).toBe(0);
    await alice.page.getByRole('button', { name: 'Send again: Bob Baba' }).click();
    const dialog = alice.page.getByRole('dialog', { name: 'Send the invitation again?' });
    await dialog.getByText(email).waitFor();
    await dialog.getByRole('button', { name: 'Send again' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => service.linkTo(email)).not.toBe(first);

    await alice.page.getByRole('button', { name: 'Send again: Bob Baba' }).click();
    await visitBy(service, email, ELSEWHERE);
    await dialog.getByRole('button', { name: 'Send again' }).click();
    await dialog.getByText('This person has already activated the account.').waitFor();
    const links = (await service.mailsTo(email)).filter(({ text }) => text.includes('#token='));
    expect(links).toHaveLength(2);
  });

  it('is accessible, including the dialogs', LOOKING, async () => {
    const alice = await signUp(service, ELSEWHERE);
    await invite(alice, 'Bob Baba');
    await expectAccessible(service, alice, [
      open,
      async ({ page }, say) => {
        await page.getByRole('button', { name: say({ en: 'Add an administrator', ja: '管理者を追加' }) }).click();
        await page
          .getByRole('dialog')
          .getByLabel(say({ en: 'E-mail address', ja: 'メールアドレス' }))
          .waitFor();
      },
      async ({ page }, say) => {
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: say({ en: 'Edit: Alice Arai', ja: '編集：Alice Arai' }) }).click();
        await page.getByText(say({ en: 'is always privileged', ja: '担当者は常に特権管理者です' })).waitFor();
      },
      async ({ page }, say) => {
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: say({ en: 'Send again: Bob Baba', ja: '再送信：Bob Baba' }) }).click();
        await page.getByRole('dialog').getByText('@example.com').waitFor();
      },
      async ({ page }, say) => {
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: say({ en: 'Remove: Alice Arai', ja: '削除：Alice Arai' }) }).focus();
        await page.getByRole('tooltip').waitFor();
      },
    ]);
  });
});
