import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../local/aws/engine.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { Authenticator } from './support/authenticator.ts';
import { describeInBrowser } from './support/chromium.ts';
import { LOOKING } from './support/looks.ts';
import { mauOf, tableIn } from './support/mau.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { visitBy } from './support/people.ts';
import { visit, type Visit, type VisitOptions } from './support/visit.ts';

/** The sample shop that `npm start` runs beside the service. */
describeInBrowser('the sample shop of npm start', () => {
  let service: NpmStarted;
  let url: string;
  beforeAll(async () => {
    const shopPort = await freePort();
    url = `http://localhost:${shopPort}`;
    service = await npmStart({ demo: true, shopPort });
  });
  afterAll(() => service.stop());

  /**
   * Opens the shop. Without `withAutofill`, the browser offers no passkeys in the name field. The simulated user would
   * immediately choose one.
   */
  async function open({ withAutofill = false, ...options }: Partial<VisitOptions> & { withAutofill?: boolean } = {}) {
    const visited = await visit({ url, ...options });
    if (!withAutofill) {
      await visited.context.addInitScript(
        'if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false',
      );
    }
    await visited.page.goto('/');
    return visited;
  }
  const greeting = (page: Page) => page.getByRole('heading', { level: 1, name: 'Hello, Alice Arai' });
  const passkeys = (page: Page) => page.getByRole('list', { name: 'Your passkeys' }).getByRole('listitem');
  const button = (page: Page, name: string) => page.getByRole('button', { name });
  const fault = (page: Page) => page.getByRole('alert');

  async function signUp({ page }: Pick<Visit, 'page'>): Promise<void> {
    await page.getByLabel('Your name').fill('Alice Arai');
    await button(page, 'Create an account').click();
    await greeting(page).waitFor();
  }
  async function signOut({ page }: Pick<Visit, 'page'>): Promise<void> {
    await button(page, 'Sign out').click();
    await page.getByText('You are signed out.').waitFor();
  }
  /** Opens the account of the person on another device: in the same session, with an authenticator of its own. */
  async function onOtherDevice({ context }: Visit) {
    const page = await context.newPage();
    const authenticator = await Authenticator.of(page, { transport: 'usb' });
    await page.goto('/');
    await greeting(page).waitFor();
    return { page, authenticator };
  }

  it('signs a person up and in with a button, and the console of the demo customer counts one more user', async () => {
    const email = 'alice@harbor.example';
    await service.requestDemoLink(email);
    const alice = await visitBy(service, email);
    const mau = async () => (await mauOf(alice, 3)).total.at(-1) ?? 0;
    const shownMau = async () => (await tableIn(alice.page))['Total']?.[0];
    const before = await mau();
    await expect.poll(shownMau).toBe(before.toLocaleString('en-US'));
    await alice.page.getByText('Sample shop').first().waitFor();

    const shopper = await open();
    const { page, authenticator } = shopper;
    await signUp(shopper);
    expect(await authenticator.credentials()).toMatchObject([
      { isResidentCredential: true, rpId: 'localhost', userName: 'Alice Arai' },
    ]);
    await expect.poll(mau).toBe(before + 1);
    // The person goes back to the window with the console, which was visible beside the shop all the time.
    await alice.page.evaluate("dispatchEvent(new Event('focus'))");
    await expect.poll(shownMau).toBe((before + 1).toLocaleString('en-US'));
    await page.reload();
    await greeting(page).waitFor();
    await signOut(shopper);
    await page.reload();
    await button(page, 'Sign in with a passkey').click();
    await greeting(page).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('greeting');
    await passkeys(page).getByText('In use now').waitFor();
    await service.drain();
    expect(await mau()).toBe(before + 1);
  });

  it('signs a person in by autofill', async () => {
    const shopper = await open({ withAutofill: true });
    const { page, authenticator } = shopper;
    await signUp(shopper);
    await authenticator.agrees(false);
    await signOut(shopper);
    await button(page, 'Sign in with a passkey').waitFor();
    await authenticator.agrees(true);
    await page.reload();
    await greeting(page).waitFor();
  });

  it('renews the ceremony for autofill before it ends, and pauses it while a button is used', async () => {
    const { context, page, authenticator } = await visit({ url });
    await authenticator.agrees(false);
    // Counts the ceremonies that wait for a passkey. The page sets the timer of a ceremony just before it waits, so the
    // test may move the clock from then on.
    await context.addInitScript(`
      globalThis.waiting = 0;
      const get = navigator.credentials.get.bind(navigator.credentials);
      navigator.credentials.get = (options) => {
        if (options.mediation === 'conditional') globalThis.waiting += 1;
        return get(options);
      };
    `);
    const begun = () => page.evaluate<number>('globalThis.waiting');
    await page.clock.install();
    await page.goto('/');
    await expect.poll(begun).toBe(1);
    await page.clock.fastForward(7 * 60_000);
    expect(await begun()).toBe(1);
    await page.clock.fastForward(3 * 60_000);
    await expect.poll(begun).toBe(2);

    // Without a passkey, the simulated user lets the authenticator fail at once. The page then offers passkeys again.
    await authenticator.agrees(true);
    await button(page, 'Sign in with a passkey').click();
    await fault(page).getByText('No passkey was used. Try again when you are ready.').waitFor();
    await expect.poll(begun).toBeGreaterThanOrEqual(3);
  });

  it('advises a person with one passkey to add a second one, and adds it on another device', async () => {
    const shopper = await open();
    const { page } = shopper;
    await signUp(shopper);
    const advice = page.getByRole('complementary', { name: 'Your only passkey is on this one device' });
    await advice.waitFor();
    await button(page, 'Add one on this device').click();
    await fault(page).getByText('This device already has a passkey for your account.').waitFor();

    const other = await onOtherDevice(shopper);
    await button(other.page, 'Add a passkey on another device').click();
    await other.page.getByText('The new passkey works from now on.').waitFor();
    expect(await passkeys(other.page).count()).toBe(2);
    await page.reload();
    await expect.poll(() => passkeys(page).count()).toBe(2);
    expect(await advice.isHidden()).toBe(true);
  });

  it('removes a passkey after a question, and lets the browser forget it', async () => {
    const shopper = await open();
    const { page } = shopper;
    await signUp(shopper);
    expect(await button(page, 'Remove').isDisabled()).toBe(true);
    const other = await onOtherDevice(shopper);
    await button(other.page, 'Add one on another device').click();
    await expect.poll(() => passkeys(other.page).count()).toBe(2);
    expect(await other.authenticator.credentials()).toHaveLength(1);

    const remove = passkeys(other.page).last().getByRole('button');
    const dialog = other.page.getByRole('dialog', { name: 'Remove this passkey?' });
    await remove.click();
    await dialog.getByRole('button', { name: 'Keep' }).click();
    expect(await passkeys(other.page).count()).toBe(2);
    // The server wants to see a passkey first, as it does 5 minutes after the sign-in.
    const refusal = { status: 403, json: { code: 'confirm-first', message: 'Confirm with your passkey first.' } };
    await other.page.route('**/api/passkeys/remove', (route) => route.fulfill(refusal), { times: 1 });
    const confirmed = other.page.waitForResponse('**/api/confirmation/end');
    await remove.click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    expect((await confirmed).status()).toBe(200);
    await other.page.getByText('was removed.').waitFor();
    expect(await passkeys(other.page).count()).toBe(1);
    await expect.poll(() => other.authenticator.credentials()).toEqual([]);
    await signOut(other);
    await page.reload();
    await button(page, 'Sign in with a passkey').click();
    await greeting(page).waitFor();
  });

  it('lets the browser forget a passkey that another device removed, at the next sign-in', async () => {
    const shopper = await open();
    const { authenticator } = shopper;
    await signUp(shopper);
    const [removed] = await authenticator.credentials();
    if (!removed) throw new Error('The authenticator has no passkey.');
    const other = await onOtherDevice(shopper);
    await button(other.page, 'Add one on another device').click();
    await expect.poll(() => passkeys(other.page).count()).toBe(2);
    await passkeys(other.page).first().getByRole('button').click();
    await other.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => passkeys(other.page).count()).toBe(1);
    // While the other device signs in, a provider synchronizes the removed passkey to it.
    const provider = await Authenticator.of(other.page);
    await signOut(other);
    await other.page.route('**/api/sign-in/end', async (route) => {
      await provider.add(removed);
      await route.continue();
    });
    await button(other.page, 'Sign in with a passkey').click();
    await greeting(other.page).waitFor();
    await expect.poll(() => provider.credentials()).toEqual([]);
    expect(await other.authenticator.credentials()).toHaveLength(1);
  });

  it('refuses a sign-in without user verification, and tells the person no problem', async () => {
    const shopper = await open();
    const { page, authenticator } = shopper;
    await signUp(shopper);
    await signOut(shopper);
    await authenticator.misbehaves({ isBogusSignature: false, isBadUV: true, isBadUP: false });
    await button(page, 'Sign in with a passkey').click();
    await fault(page).getByText('We could not sign you in with this passkey.').waitFor();
    expect(await service.logged()).toContain('user-verification');
    expect(await page.content()).not.toMatch(/verification|problem|FIDO2 server/);

    await authenticator.misbehaves({ isBogusSignature: false, isBadUV: false, isBadUP: false });
    await authenticator.verifiesUser(false);
    await button(page, 'Sign in with a passkey').click();
    await fault(page).getByText('No passkey was used.').waitFor();
    await authenticator.verifiesUser(true);
    await button(page, 'Sign in with a passkey').click();
    await greeting(page).waitFor();
    expect(await fault(page).innerText()).toBe('');
  });

  it('tells a person whose browser is too old what to do', async () => {
    const { page } = await visit({ url });
    await page.addInitScript('delete window.PublicKeyCredential');
    await page.goto('/');
    await page.getByRole('heading', { name: 'Update your browser to sign in' }).waitFor();
    expect(await button(page, 'Sign in with a passkey').isHidden()).toBe(true);
  });

  it('is linked from the local page', async () => {
    const { page } = await visit({ url: service.url });
    await page.goto('/_local/');
    await page.getByRole('link', { name: 'Open the sample shop' }).click();
    await page.getByRole('heading', { name: 'Tea from small gardens' }).waitFor();
    expect(page.url()).toBe(`${url}/`);
  });

  it('has no accessibility faults, and fits narrow screens, light and dark', LOOKING, async () => {
    const shopper = await open();
    const { page } = shopper;
    const looks = [
      { colorScheme: 'light', width: 1_280, height: 900 },
      { colorScheme: 'dark', width: 360, height: 700 },
    ] as const;
    const check = async (screen: string) => {
      for (const { colorScheme, ...size } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        const where = `${screen}-${colorScheme}-${size.width}`;
        expect(await accessibilityFaults(page), where).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth'), where).toBeLessThanOrEqual(size.width);
      }
    };

    await button(page, 'Sign in with a passkey').click();
    await fault(page).getByText('No passkey was used.').waitFor();
    await check('visitor');
    await page.setViewportSize({ width: 1_280, height: 900 });
    await signUp(shopper);
    await check('account');
    const other = await onOtherDevice(shopper);
    await button(other.page, 'Add one on another device').click();
    await expect.poll(() => passkeys(other.page).count()).toBe(2);
    await page.reload();
    await passkeys(page).last().getByRole('button').click();
    await check('removal');
  });
});
