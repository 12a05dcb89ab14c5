import type { Page } from 'playwright-core';

/**
 * Holds back a page's requests with the HTTP method `method` to a URL. Returns an object with the function `release`.
 * `release()` lets the requests continue. `release(status)` responds with an error of this HTTP status, also to later
 * requests.
 */
export async function held(page: Page, url: string, method = 'GET') {
  let release: (status?: number) => void = () => undefined;
  const released = new Promise<number | undefined>((resolve) => (release = resolve));
  await page.route(url, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    const status = await released;
    if (status === undefined) return route.continue();
    const problem = { type: '/problems/internal', status, title: 'Something went wrong', requestId: 'req-held' };
    return route.fulfill({ status, contentType: 'application/problem+json', json: problem });
  });
  return { release };
}
