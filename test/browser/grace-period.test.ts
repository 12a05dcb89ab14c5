import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CustomerView } from '../../functions/contract/customers.ts';
import { describeInBrowser } from './support/chromium.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { newEmail, signUp, visitBy, type Person } from './support/people.ts';

const NAME = 'Example Corporation';

describeInBrowser('the grace period after unsubscribing in the console', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  const viewOf = async ({ call }: Person) => (await call('GET /v1/customer')).body as CustomerView;
  const banner = ({ page }: Pick<Person, 'page'>) =>
    page.getByRole('status').filter({ hasText: 'This account will be closed on' });
  const block = ({ page }: Pick<Person, 'page'>) => page.getByRole('region', { name: 'Unsubscribe', exact: true });
  const keep = (person: Pick<Person, 'page'>) => banner(person).getByRole('button', { name: 'Keep using the service' });
  async function colleagueOf(alice: Person, name: string, privilege: string): Promise<Person> {
    const email = newEmail();
    expect((await alice.call('POST /v1/administrators', { name, email, privilege })).status).toBe(201);
    return visitBy(service, email);
  }
  async function unsubscribe({ page }: Person): Promise<void> {
    await block({ page }).getByRole('button', { name: 'Unsubscribe' }).click();
    const dialog = page.getByRole('dialog', { name: 'Unsubscribe from the service' });
    await dialog.getByText('For 72 hours, everything works as before').waitFor();
    await dialog.getByLabel(/^To confirm, type the customer name/).fill(NAME);
    await dialog.getByRole('button', { name: 'Unsubscribe' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  it('keeps the person signed in, and shows a banner with the time on every screen', async () => {
    const alice = await signUp(service);
    await unsubscribe(alice);
    await banner(alice).waitFor();
    await block(alice).getByText('The representative has unsubscribed. Everything works until ').waitFor();
    expect(await block(alice).getByRole('button', { name: 'Unsubscribe' }).count()).toBe(0);
    const { unsubscription, customer } = await viewOf(alice);
    expect(customer.status).toBe('active');
    const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });
    const when = day.format(new Date(unsubscription?.effectiveAt ?? ''));
    for (const path of ['/rps', '/administrators', '/passkeys', '/email', '/']) {
      await alice.page.goto(path);
      await banner(alice).getByText(when).waitFor();
      await keep(alice).waitFor();
    }
  });

  it('ends when another privileged administrator chooses “Keep using the service”', async () => {
    const alice = await signUp(service);
    const bob = await colleagueOf(alice, 'Bob Bauer', 'privileged');
    await unsubscribe(alice);
    await bob.page.goto('/administrators');
    await keep(bob).click();
    await bob.page.getByText('The account stays open').waitFor();
    await banner(bob).waitFor({ state: 'hidden' });
    expect((await viewOf(alice)).unsubscription).toBeNull();
    await expect.poll(() => bob.page.evaluate('document.activeElement.tagName')).toBe('H1');

    // The banner of the representative, who has not reloaded the page, is out of date.
    await keep(alice).click();
    await banner(alice).waitFor({ state: 'hidden' });
    await block(alice).getByRole('button', { name: 'Unsubscribe' }).waitFor();
  });

  it('offers no button to an administrator who is not privileged, and says whom to ask', async () => {
    const alice = await signUp(service);
    const carol = await colleagueOf(alice, 'Carol Chiba', 'administrator');
    await unsubscribe(alice);
    await carol.page.goto('/');
    await banner(carol).getByText('ask a privileged administrator').waitFor();
    expect(await keep(carol).count()).toBe(0);
  });

  it('has an accessible banner in each language and theme', LOOKING, async () => {
    const alice = await signUp(service);
    await unsubscribe(alice);
    await expectAccessible(service, alice, [
      async ({ page }, say) => {
        await page.goto('/rps');
        const button = { en: 'Keep using the service', ja: 'サービスの利用を続ける' };
        await page.getByRole('button', { name: say(button) }).waitFor();
      },
    ]);
  });
});
