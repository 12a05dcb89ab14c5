import { afterAll, beforeAll, expect, it } from 'vitest';
import { itemOf, passkeyOf } from '../support/fido2/moving.ts';
import { describeInBrowser } from './support/chromium.ts';
import { dateTime } from './support/date-time.ts';
import { expectFocusOn } from './support/forms.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { signUp, type Person, ELSEWHERE } from './support/people.ts';
import { newRp, userIds, type RpWithServer } from './support/rps.ts';

const ALICE = { userName: 'Alice@Example.com', displayName: 'Alice Arai', attributes: { plan: 'gold' } };
const LAST_USED = '2026-11-20T08:00:00Z';
/** An AAGUID of a passkey provider whose name the service knows. */
const APPLE_PASSWORDS = 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd';

describeInBrowser('the tab Users of an RP', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  /** Registers an RP, and imports `user-1`, called Alice, with two credentials, and `user-2` without any. */
  async function rpWithUsers(person: Person): Promise<RpWithServer> {
    const rp = await newRp(service, person, 'shop.example.com', 'Example Shop');
    const [phone, key] = [passkeyOf('alice'), passkeyOf('alice')];
    await rp.importUsers([
      itemOf('user-1', phone, {
        user: ALICE,
        name: 'Phone',
        aaguid: APPLE_PASSWORDS,
        ...{ backupEligible: true, backedUp: true, userVerified: true, discoverable: true },
        ...{ transports: ['hybrid'], lastUsedAt: LAST_USED },
      }),
      itemOf('user-1', key, { user: ALICE, name: 'Key', backupEligible: false }),
      { user: { userId: 'user-2' }, credential: null },
    ]);
    return rp;
  }
  const userOf = async ({ call }: Person, { id }: RpWithServer, userId = 'user-1') =>
    (await call(`GET /v1/rps/${id}/users/${userId}`)).body;
  const credentialsOf = async ({ call }: Person, { id }: RpWithServer) =>
    ((await call(`GET /v1/rps/${id}/users/user-1/credentials`)).body as { items: { id: string; name: string }[] })
      .items;
  const confirm = (person: Person, label: string) =>
    person.page.getByRole('dialog').getByRole('button', { name: label, exact: true }).click();

  it('finds users by ID and by name, and returns to the found users from a user', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const rp = await rpWithUsers(person);
    await page.goto(`/rps/${rp.id}/users`);
    const found = page.getByRole('main').getByRole('table').getByRole('link');
    await page.getByText('Registered users: 2').waitFor();
    expect(await found.allInnerTexts()).toEqual(['user-1', 'user-2']);

    const input = page.getByRole('searchbox', { name: 'Find a user by user ID or user name' });
    const find = async (sought: string) => {
      await input.fill(sought);
      await page.keyboard.press('Enter');
    };
    await find('user-2');
    await page.getByText('Users found: 1').waitFor();
    expect(await found.allInnerTexts()).toEqual(['user-2']);
    // Alice is called by another name than her ID, so only her ID leads to her here.
    await find(' user-1 ');
    await expect.poll(() => found.allInnerTexts()).toEqual(['user-1']);
    for (const nobody of ['user', '..', 'user 1/']) {
      await find(nobody);
      await page.getByText('No user of this RP has this ID or name.').waitFor();
    }
    await find('alice@example.com');
    await found.getByText('user-1').click();
    await expectFocusOn(page, 'User user-1');
    await page.goBack();
    await page.getByText('Users found: 1').waitFor();
    expect(await input.inputValue()).toBe('alice@example.com');
    await page.getByRole('button', { name: 'Show all users' }).click();
    await input.and(page.locator(':focus')).waitFor();
    await page.getByText('Registered users: 2').waitFor();

    await page.goto(`/rps/${rp.id}/users?user=..`);
    await page.getByText('This RP has no user with this ID.').waitFor();
    await page.getByRole('link', { name: 'All users' }).click();
    await page.getByText('Registered users: 2').waitFor();
  });

  it('lists users page by page', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const rp = await newRp(service, person, 'shop.example.com', 'Example Shop');
    await page.goto(`/rps/${rp.id}/users`);
    await page.getByText('No user is registered yet.').waitFor();
    const ids = userIds(60).toSorted();
    for (const some of [ids.slice(0, 30), ids.slice(30)]) await rp.authenticate(some);
    await page.reload();
    const links = page.getByRole('main').getByRole('table').getByRole('link');
    await links.last().waitFor();
    expect(await links.allInnerTexts()).toEqual(ids.slice(0, 50));
    await page.getByRole('button', { name: 'Show more users' }).click();
    await expect.poll(() => links.allInnerTexts()).toEqual(ids);
    expect(await page.getByRole('button', { name: 'Show more users' }).count()).toBe(0);
  });

  it('shows a user and the user’s credentials', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const rp = await rpWithUsers(person);
    await page.goto(`/rps/${rp.id}/users?user=user-1`);
    const user = page.getByRole('region', { name: 'User user-1' });
    const { registeredAt, userHandle } = (await userOf(person, rp)) as { registeredAt: string; userHandle: string };
    await user.getByText('Alice Arai').waitFor();
    expect(await user.getByRole('definition').allInnerTexts()).toEqual([
      ...['Enabled', ALICE.userName, ALICE.displayName],
      JSON.stringify(ALICE.attributes, null, 2),
      ...[userHandle, dateTime(registeredAt), dateTime(registeredAt)],
    ]);
    const [phone, key] = ['Phone', 'Key'].map((name) =>
      page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) }),
    );
    await phone?.waitFor();
    const facts = async (card: typeof phone) => (await card?.getByRole('definition').allInnerTexts())?.toSpliced(2, 1);
    expect(await facts(phone)).toEqual(['Apple Passwords', dateTime(LAST_USED), 'Yes', 'Yes', 'Yes', 'hybrid']);
    expect(await facts(key)).toEqual(['Unknown', 'Never', 'No', 'Unknown', 'No', '–']);

    await page.goto(`/rps/${rp.id}/users?user=user-2`);
    await page.getByText('The user has no credential').waitFor();
  });

  it('disables, enables and removes a user after a confirmation', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const rp = await rpWithUsers(person);
    await page.goto(`/rps/${rp.id}/users?user=user-1`);
    await page.getByRole('button', { name: 'Disable the user' }).click();
    await page.getByRole('dialog').getByText('can neither sign in with a passkey nor register one').waitFor();
    await confirm(person, 'Cancel');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await userOf(person, rp)).toMatchObject({ disabled: false });
    await page.getByRole('button', { name: 'Disable the user' }).click();
    await confirm(person, 'Disable the user');
    await page.getByRole('button', { name: 'Enable the user' }).and(page.locator(':focus')).waitFor();
    expect(await userOf(person, rp)).toMatchObject({ disabled: true });
    await page.getByRole('button', { name: 'Enable the user' }).click();
    await confirm(person, 'Enable the user');
    await page.getByRole('button', { name: 'Disable the user' }).waitFor();
    expect(await userOf(person, rp)).toMatchObject({ disabled: false });

    await page.getByRole('button', { name: 'Remove the user' }).click();
    await page.getByRole('dialog').getByText('the user’s credentials (2) are deleted').waitFor();
    await confirm(person, 'Remove the user');
    await expectFocusOn(page, 'Users');
    await page.getByText('Registered users: 1').waitFor();
    expect(await page.getByRole('link', { name: 'user-1' }).count()).toBe(0);
    expect(await userOf(person, rp)).toMatchObject({ status: 404 });
  });

  it('says that a user or a credential was removed meanwhile', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page, call } = person;
    const rp = await rpWithUsers(person);
    await page.goto(`/rps/${rp.id}/users?user=user-1`);
    await page.getByRole('button', { name: 'Rename: Key' }).click();
    const key = (await credentialsOf(person, rp)).find(({ name }) => name === 'Key');
    const removal = await call(`DELETE /v1/rps/${rp.id}/users/user-1/credentials/${key?.id ?? ''}`);
    expect(removal.status).toBe(204);
    await page.getByRole('dialog').getByLabel('Name').fill('Lost');
    await confirm(person, 'Save');
    await page.getByRole('alert').getByText('The credential was removed meanwhile.').waitFor();
    await confirm(person, 'Cancel');

    await page.getByRole('button', { name: 'Disable the user' }).click();
    expect((await call(`DELETE /v1/rps/${rp.id}/users/user-1`)).status).toBe(204);
    await confirm(person, 'Disable the user');
    await page.getByRole('alert').getByText('The user was removed meanwhile.').waitFor();
  });

  it('renames a credential, and asks before it replaces the name that somebody else has given', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page, call } = person;
    const rp = await rpWithUsers(person);
    const [phone] = (await credentialsOf(person, rp)).filter(({ name }) => name === 'Phone');
    const path = `/v1/rps/${rp.id}/users/user-1/credentials/${phone?.id ?? ''}`;
    await page.goto(`/rps/${rp.id}/users?user=user-1`);
    await page.getByRole('button', { name: 'Rename: Phone' }).click();
    // The name stays as it is, so the console sends the edit again, based on the version that this edit created.
    expect((await call(`PATCH ${path}`, { attributes: { colour: 'blue' } })).status).toBe(200);
    const name = page.getByRole('dialog').getByLabel('Name');
    await name.fill('');
    await confirm(person, 'Save');
    await page.getByRole('dialog').getByText('Must not be empty').waitFor();
    await name.fill('Phone of Alice');
    await confirm(person, 'Save');
    await page.getByRole('heading', { name: 'Phone of Alice' }).waitFor();

    await page.getByRole('button', { name: 'Rename: Phone of Alice' }).click();
    expect((await call(`PATCH ${path}`, { name: 'Old phone' })).status).toBe(200);
    await name.fill('New phone');
    await confirm(person, 'Save');
    const conflict = page.getByRole('alert').filter({ hasText: 'Someone else changed this at the same time' });
    await conflict.getByText('Old phone').waitFor();
    expect((await credentialsOf(person, rp)).map((each) => each.name)).toContain('Old phone');
    expect(await name.inputValue()).toBe('New phone');
    await confirm(person, 'Save');
    await page.getByRole('heading', { name: 'New phone' }).waitFor();
    expect((await credentialsOf(person, rp)).find(({ id }) => id === phone?.id)).toMatchObject({
      name: 'New phone',
      attributes: { colour: 'blue' },
    });
  });

  it('disables, enables and removes a credential after a confirmation', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const rp = await rpWithUsers(person);
    await page.goto(`/rps/${rp.id}/users?user=user-1`);
    const last = page.getByRole('dialog').getByText('It is the user’s only enabled credential');
    await page.getByRole('button', { name: 'Disable: Phone' }).click();
    await page.getByRole('dialog').getByText('The user’s other credentials still work.').waitFor();
    expect(await last.count()).toBe(0);
    await confirm(person, 'Disable');
    await page.getByRole('button', { name: 'Enable: Phone' }).and(page.locator(':focus')).waitFor();
    expect(await userOf(person, rp)).toMatchObject({ credentials: { total: 2, enabled: 1 } });
    await page.getByRole('button', { name: 'Disable: Key' }).click();
    await last.waitFor();
    await confirm(person, 'Cancel');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Enable: Phone' }).click();
    await confirm(person, 'Enable');
    await page.getByRole('button', { name: 'Disable: Phone' }).waitFor();

    await page.getByRole('button', { name: 'Remove: Phone' }).click();
    await page.getByRole('dialog').getByText('Nobody can sign in with this credential afterwards.').waitFor();
    await confirm(person, 'Remove');
    await expectFocusOn(page, 'Credentials');
    expect(await page.getByRole('heading', { name: 'Phone' }).count()).toBe(0);
    expect((await credentialsOf(person, rp)).map(({ name }) => name)).toEqual(['Key']);
  });

  it('is accessible, including the dialogs', LOOKING, async () => {
    const person = await signUp(service, ELSEWHERE);
    const rp = await rpWithUsers(person);
    const long = { userName: 'n'.repeat(200), displayName: 'd'.repeat(200), disabled: true };
    await rp.importUsers([
      itemOf('a'.repeat(128), passkeyOf('long'), { user: long, name: 'N'.repeat(200), disabled: true }),
    ]);
    await expectAccessible(service, person, [
      async ({ page }) => {
        await page.goto(`/rps/${rp.id}/users`);
        await page.getByRole('link', { name: 'user-1' }).waitFor();
      },
      async ({ page }, say) => {
        await page.goto(`/rps/${rp.id}/users?find=nobody`);
        await page.getByText(say({ en: 'No user of this RP', ja: 'ユーザーはいません' })).waitFor();
      },
      async ({ page }) => {
        await page.goto(`/rps/${rp.id}/users?user=${'a'.repeat(128)}`);
        await page.getByRole('listitem').waitFor();
      },
      async ({ page }, say) => {
        await page.goto(`/rps/${rp.id}/users?user=user-1`);
        await page.getByRole('button', { name: say({ en: 'Remove the user', ja: 'ユーザーを削除' }) }).click();
        await page.getByRole('dialog').waitFor();
      },
      async ({ page }, say) => {
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: say({ en: 'Rename: Phone', ja: '名前を変更：Phone' }) }).click();
        await page.getByRole('dialog').getByRole('textbox').waitFor();
      },
    ]);
  });
});
