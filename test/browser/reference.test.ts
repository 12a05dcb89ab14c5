import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemTypes } from '../../functions/http/problems.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { describeInBrowser } from './support/chromium.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';
import { visit, type Visit } from './support/visit.ts';

describeInBrowser('the pages for developers', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  /** Returns the origins of all requests that the page has sent. */
  function originsOf({ page }: Visit): Set<string> {
    const origins = new Set<string>();
    page.on('request', (request) => origins.add(new URL(request.url()).origin));
    return origins;
  }

  it('show each route with its problems, ceremonies first, and load nothing from other hosts', async () => {
    const visited = await visit({ url: service.url });
    const { page } = visited;
    const origins = originsOf(visited);
    await page.goto('/reference');
    const tags = page.locator('.opblock-tag');
    await tags.first().waitFor();
    expect((await tags.allInnerTexts()).slice(0, 2)).toEqual(['Ceremonies', 'Users']);

    await page.getByRole('button', { name: 'POST /v1/rp/registrations End a registration' }).click();
    const operation = page.locator('#operations-Ceremonies-register-credential');
    await operation.getByText('"userId": "user-1"').first().waitFor();
    await operation.getByText('"attestationObject": "AQIDBA"').first().waitFor();
    expect(await page.getByText('Could not render').count()).toBe(0);
    const link = operation.getByRole('link', { name: 'ceremony-used' });
    await page.goto((await link.getAttribute('href')) ?? '');
    await page.getByRole('heading', { level: 1, name: 'The ceremony was used already' }).waitFor();
    expect([...origins]).toEqual([new URL(service.url).origin]);
  });

  it('show no control that sends requests or takes an API key', async () => {
    const { page } = await visit({ url: service.url });
    await page.goto('/reference#/Operations/report-operations');
    await page.getByText('"type": "registration"').first().waitFor();

    expect(await page.getByRole('button', { name: /Try it out|Execute|Authorize/i }).count()).toBe(0);
  });

  it('explain each problem at the path of its type', async () => {
    const { page } = await visit({ url: service.url });
    for (const { slug, title } of problemTypes) {
      await page.goto(`/problems/${slug}`);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title);
      expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(['The cause', 'Your next step']);
    }
    await page.getByRole('link', { name: 'All problems' }).click();
    await page.getByRole('heading', { level: 1, name: 'Problems' }).waitFor();
    expect(await page.getByRole('row').count()).toBe(problemTypes.length + 1);
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
