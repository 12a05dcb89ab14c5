import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { expectWrong } from './support/forms.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { signUp, type Person, ELSEWHERE } from './support/people.ts';
import { newRp, userIds } from './support/rps.ts';

const YUBIKEY = '2fc0579f-8113-47ea-b116-bb5a8db9202a';

describeInBrowser('the tab Settings of an RP', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart({ verifyDomains: true });
  });
  afterAll(() => service.stop());

  const newShop = (person: Person) => newRp(service, person, 'shop.example.com', 'Example Shop');
  const detailsOf = async ({ call }: Person, id: string) =>
    (await call(`GET /v1/rps/${id}`)).body as { settings: object; version: number; verification: object };
  const settingsOf = async (person: Person, id: string) => (await detailsOf(person, id)).settings;
  /** Opens the dialog that edits the settings of a block. */
  const edit = async ({ page }: Person, block: string) => {
    await page.getByRole('button', { name: `Edit: ${block}` }).click();
    return page.getByRole('dialog', { name: `Edit: ${block}` });
  };
  const save = ({ page }: Person) => page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const factsOf = ({ page }: Person, block: string) =>
    page.getByRole('region', { name: block, exact: true }).getByRole('definition');

  it('shows each setting with its default, and saves only the settings that the person changed', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const { id } = await newShop(person);
    await page.goto(`/rps/${id}/settings`);
    await factsOf(person, 'Origins').first().waitFor();
    for (const [block, count] of [
      ['Origins', 2],
      ['Registering and signing in', 5],
      ['Authenticators', 5],
      ['User names', 1],
    ] as const) {
      const facts = await factsOf(person, block).allInnerTexts();
      expect(facts).toHaveLength(count);
      for (const fact of facts) expect(fact).toMatch(/\n.+ Default: .+\.$/);
    }
    const before = await detailsOf(person, id);
    const dialog = await edit(person, 'Registering and signing in');
    await dialog.getByLabel('User verification').selectOption('Required');
    await dialog.getByLabel('Time limit').fill('１２０');
    await dialog.getByLabel('If the sign count does not increase').selectOption('Accept and report to the RP');
    await save(person);
    await factsOf(person, 'Registering and signing in')
      .filter({ hasText: /^Required/ })
      .waitFor();
    expect(await detailsOf(person, id)).toMatchObject({
      settings: { ...before.settings, userVerification: 'required', timeoutSeconds: 120, signCount: 'report' },
      version: before.version + 1,
    });
    await page.getByText('The settings are in force in at most 10 seconds.').waitFor();

    // The dialog closes, but the service gets no edit.
    await edit(person, 'Registering and signing in');
    await save(person);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await detailsOf(person, id)).version).toBe(before.version + 1);
  });

  it('saves lists of origins and authenticators, and resets them to their defaults', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const { id } = await newShop(person);
    await page.goto(`/rps/${id}/settings`);
    const origins = ['https://shop.example.com', 'https://www.shop.example.com:8443', 'https://example.org'];
    const dialog = await edit(person, 'Origins');
    await dialog.getByRole('textbox', { name: 'Origins', exact: true }).fill(`${origins.join('\n\n ')}\n`);
    await dialog.getByLabel('Embedding origins').fill('https://portal.example.net');
    await save(person);
    await factsOf(person, 'Origins').getByText('https://portal.example.net').waitFor();
    expect(await settingsOf(person, id)).toMatchObject({ origins, topOrigins: ['https://portal.example.net'] });

    const authenticators = await edit(person, 'Authenticators');
    await authenticators.getByLabel('Require a trusted attestation').check();
    await authenticators.getByLabel('Minimum certification').selectOption('FIDO Certified L2');
    await authenticators.getByLabel('Allowed authenticators').fill(YUBIKEY.toUpperCase());
    await save(person);
    await factsOf(person, 'Authenticators').getByText(YUBIKEY).waitFor();
    expect(await settingsOf(person, id)).toMatchObject({
      requireTrustedAttestation: true,
      minimumCertification: 'FIDO_CERTIFIED_L2',
      authenticators: { allow: [YUBIKEY], deny: [] },
    });
    await edit(person, 'Authenticators');
    await authenticators.getByLabel('Require a trusted attestation').uncheck();
    await authenticators.getByLabel('Minimum certification').selectOption('Any');
    await authenticators.getByLabel('Allowed authenticators').fill('');
    await authenticators.getByLabel('Denied authenticators').fill(YUBIKEY);
    await save(person);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await settingsOf(person, id)).toMatchObject({
      requireTrustedAttestation: false,
      minimumCertification: null,
      authenticators: { allow: null, deny: [YUBIKEY] },
    });
    const reset = await edit(person, 'Origins');
    await reset.getByRole('textbox', { name: 'Origins', exact: true }).fill('');
    await save(person);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await settingsOf(person, id)).toMatchObject({ origins: ['https://shop.example.com'] });
  });

  it('says that the RP ID localhost accepts every port', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { id } = await newRp(service, person, 'localhost', 'Example Shop');
    await person.page.goto(`/rps/${id}/settings`);
    await factsOf(person, 'Origins').getByText('http://localhost:<every port>').waitFor();
    await edit(person, 'Origins');
    const field = person.page.getByRole('textbox', { name: 'Origins', exact: true });
    expect(await field.inputValue()).toBe('https://localhost');
  });

  it('shows each error next to its field, with the wrong entry of a list', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const rp = await newShop(person);
    await page.goto(`/rps/${rp.id}/settings`);
    const before = await detailsOf(person, rp.id);
    const origins = await edit(person, 'Origins');
    const field = origins.getByRole('textbox', { name: 'Origins', exact: true });
    await field.fill('https://shop.example.com\n\nhttps://shop.example.com/login\nhttp://shop.example.com');
    await save(person);
    await origins.getByText('https://shop.example.com/login: Must be an origin such as').waitFor();
    await field.and(page.locator('[aria-invalid=true]:focus')).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await field.fill('https://shop.example.com\nhttp://shop.example.com');
    await save(person);
    await expectWrong(
      field,
      'http://shop.example.com: Must begin with https. Only the RP ID localhost takes http://localhost with a port',
    );
    await page.keyboard.press('Escape');

    const ceremonies = await edit(person, 'Registering and signing in');
    await ceremonies.getByLabel('Time limit').fill('soon');
    await save(person);
    await expectWrong(ceremonies.getByLabel('Time limit'), 'Must be a whole number.');
    await ceremonies.getByLabel('Time limit').fill('20');
    await save(person);
    await expectWrong(ceremonies.getByLabel('Time limit'), 'Must be at least 30');
    await page.keyboard.press('Escape');

    const authenticators = await edit(person, 'Authenticators');
    await authenticators.getByLabel('Allowed authenticators').fill(YUBIKEY);
    await save(person);
    await expectWrong(
      authenticators.getByLabel('Allowed authenticators'),
      'Require a trusted attestation too: otherwise anybody can forge the type of an authenticator',
    );
    await authenticators.getByLabel('Require a trusted attestation').check();
    await authenticators.getByLabel('Denied authenticators').fill('0000');
    await save(person);
    await authenticators.getByText('0000: Must be an AAGUID such as').waitFor();
    await page.keyboard.press('Escape');

    await rp.authenticate(userIds(1));
    const names = await edit(person, 'User names');
    await names.getByLabel('Unique user names').check();
    await save(person);
    await names.getByText('Can be switched on only before the first user is registered', { exact: true }).waitFor();
    expect(await detailsOf(person, rp.id)).toEqual({ ...before, registeredUsers: 1 });
  });

  it('asks before it replaces a setting that somebody else has changed, but not for other settings', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page, call } = person;
    const { id } = await newShop(person);
    await page.goto(`/rps/${id}/settings`);
    const dialog = await edit(person, 'Registering and signing in');
    const change = async (settings: object) => {
      expect((await call(`PATCH /v1/rps/${id}`, { settings })).status).toBe(200);
    };
    await change({ attestation: 'direct' });
    await dialog.getByLabel('Time limit').fill('60');
    await save(person);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await settingsOf(person, id)).toMatchObject({ attestation: 'direct', timeoutSeconds: 60 });

    await edit(person, 'Registering and signing in');
    await change({ timeoutSeconds: 90, residentKey: 'required' });
    await dialog.getByLabel('Time limit').fill('120');
    await save(person);
    const conflict = page.getByRole('alert').filter({ hasText: 'Someone else changed this at the same time' });
    await conflict.getByText('90 seconds').waitFor();
    expect(await dialog.getByLabel('Time limit').inputValue()).toBe('120');
    expect(await dialog.getByLabel('Discoverable credentials').inputValue()).toBe('required');
    expect(await settingsOf(person, id)).toMatchObject({ timeoutSeconds: 90 });
    await save(person);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await settingsOf(person, id)).toMatchObject({ timeoutSeconds: 120, residentKey: 'required' });
  });

  it('verifies the domain of the RP by a DNS record', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const { id } = await newShop(person);
    const { verification } = (await detailsOf(person, id)) as unknown as {
      verification: { record: { name: string; value: string } };
    };
    const { name, value } = verification.record;
    const publish = (txt: string) => service.send('PUT /_local/dns', { name, txt: [txt] });
    await page.goto(`/rps/${id}/api-keys`);
    await page.getByText('The domain of this RP is not verified yet').waitFor();
    await page.getByRole('link', { name: 'Verify the domain' }).click();
    const block = page.getByRole('region', { name: 'Domain verification' });
    await block.getByText(name, { exact: true }).waitFor();
    await block.getByRole('button', { name: 'Copy: Value' }).click();
    await block.getByRole('button', { name: 'Copied: Value' }).waitFor();
    // The clipboard contains the value.
    await page.getByRole('button', { name: 'Rename' }).click();
    const input = page.getByRole('dialog').getByRole('textbox');
    await input.fill('');
    await input.press('Control+v');
    expect(await input.inputValue()).toBe(value);
    await page.keyboard.press('Escape');

    const check = block.getByRole('button', { name: 'Check now' });
    await check.click();
    await block.getByRole('alert').getByText('There is no TXT record with this name yet.').waitFor();
    await publish('another=value');
    await check.click();
    await block.getByRole('alert').getByText('No TXT record with this name has the right value.').waitFor();
    await block.getByText('another=value').waitFor();
    await publish(value);
    await check.click();
    await block.getByText('The domain has been verified since').and(page.locator(':focus')).waitFor();
    expect(await detailsOf(person, id)).toMatchObject({ verification: { verifiedAt: expect.any(String) as string } });
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByRole('row', { name: /Production/ }).waitFor();
    expect(await page.getByText('The domain of this RP is not verified yet').count()).toBe(0);
  });

  it('is accessible, including the dialogs and the errors', LOOKING, async () => {
    const person = await signUp(service, ELSEWHERE);
    const { id } = await newShop(person);
    await expectAccessible(service, person, [
      async ({ page }, say) => {
        await page.goto(`/rps/${id}/api-keys`);
        await page.getByText(say({ en: 'is not verified yet', ja: 'まだ確認されていない' })).waitFor();
      },
      async ({ page }, say) => {
        await page.goto(`/rps/${id}/settings`);
        await page.getByRole('button', { name: say({ en: 'Check now', ja: '今すぐ確認' }) }).click();
        await page.getByRole('alert').waitFor();
      },
      async ({ page }, say) => {
        await page.getByRole('button', { name: say({ en: 'Edit: Origins', ja: '編集：オリジン' }) }).click();
        const origins = say({ en: 'Origins', ja: 'オリジン' });
        await page.getByRole('dialog').getByRole('textbox', { name: origins, exact: true }).fill('shop');
        await page
          .getByRole('dialog')
          .getByRole('button', { name: say({ en: 'Save', ja: '保存' }) })
          .click();
        await page.getByRole('dialog').locator('[aria-invalid=true]').waitFor();
      },
      async ({ page }, say) => {
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: say({ en: 'Edit: Authenticators', ja: '編集：認証器' }) }).click();
        await page.getByRole('dialog').getByRole('combobox').first().waitFor();
      },
    ]);
  });
});
