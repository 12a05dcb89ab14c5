import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './support/chromium.ts';
import { expectAccessible, LOOKING } from './support/looks.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { signUp, visitAs, type Person, ELSEWHERE } from './support/people.ts';

describeInBrowser('the tab Activity of an RP', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  /** Registers an RP with an API key. Returns the ID of the RP and a function that calls the API as the RP's server. */
  async function newRp({ call }: Person) {
    const { id } = (await call('POST /v1/rps', { rpId: 'shop.example.com', name: 'Example Shop' })).body as {
      id: string;
    };
    const { body } = await call(`POST /v1/rps/${id}/api-keys`, { name: 'Production' });
    const { apiKey, keyId } = body as { apiKey: string; keyId: string };
    const post = async (path: string, sent: object) => {
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
      const response = await fetch(`${service.url}/v1/rp/${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(sent),
      });
      return (await response.json()) as { requestId: string };
    };
    return { id, keyId, post };
  }
  /** The service stores at most one refusal of an RP a second, so the test lets a second pass. */
  const nextSecond = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_100));
  };

  it('says that nothing was refused, and shows a refusal with the next step after a click on Refresh', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { page } = person;
    const { id, post } = await newRp(person);
    await page.goto(`/rps/${id}/activity`);
    await page.getByText('No registration and no sign-in was refused in the last 7 days.').waitFor();

    const { requestId } = await post('registrations/options', { userId: 'nobody' });
    await page.getByRole('button', { name: 'Refresh' }).click();
    const row = page.getByRole('row').filter({ hasText: requestId });
    await row.getByText('A registration of a user who does not exist yet needs createUser: true.').waitFor();
    await row.getByText('There is no such user at this RP.').waitFor();
    for (const shown of ['Registration', 'Production']) await row.getByText(shown, { exact: true }).waitFor();
    expect((await page.content()).includes('nobody')).toBe(false);
    const link = row.getByRole('link', { name: 'not-found' });
    const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
    await opened.getByRole('heading', { level: 1, name: 'Not found' }).waitFor();
  });

  it('shows the latest refusal first, in Japanese, with the ID of a deleted API key', async () => {
    const person = await signUp(service, ELSEWHERE);
    const { id, keyId, post } = await newRp(person);
    await post('registrations/options', { userId: 'nobody' });
    await nextSecond();
    await post('authentications', { ceremony: 'AAAA', response: {} });
    await person.call(`DELETE /v1/rps/${id}/api-keys/${keyId}`);
    const japanese = await visitAs(service, person, { locale: 'ja-JP' });
    await japanese.page.goto(`/rps/${id}/activity`);
    const rows = japanese.page.getByRole('row');
    await rows.nth(2).waitFor();
    const kinds = [1, 2].map((row) =>
      rows
        .nth(row)
        .getByText(/^(登録|サインイン)$/)
        .innerText(),
    );
    expect(await Promise.all(kinds)).toEqual(['サインイン', '登録']);
    await rows.nth(1).getByText(keyId).waitFor();
    await rows.nth(1).getByText('詳細に示された項目を修正して、もう一度送信してください。').waitFor();
  });

  it('is accessible', LOOKING, async () => {
    const person = await signUp(service, ELSEWHERE);
    const { id, post } = await newRp(person);
    await expectAccessible(service, person, [
      async ({ page }, say) => {
        await page.goto(`/rps/${id}/activity`);
        await page
          .getByText(say({ en: 'was refused in the last 7 days', ja: '拒否された登録・サインインはありません' }))
          .or(page.getByRole('row').first())
          .first()
          .waitFor();
      },
      async ({ page }) => {
        await post('authentications/options', { userId: 'nobody' });
        await page.goto(`/rps/${id}/activity`);
        await page.getByRole('link', { name: 'not-found' }).first().waitFor();
      },
    ]);
  });
});
