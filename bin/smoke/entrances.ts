import * as z from 'zod';
import { consoleCaching, consoleHeaders } from '../../config/console-files.ts';
import { getHealthContract } from '../../functions/contract/service.ts';
import { RefusedError, type Api } from './api.ts';
import type { Target } from './find-target.ts';
import type { Report } from './report.ts';
import { expectThat, SmokeError } from './smoke-error.ts';

/**
 * Checks both entrances: the console's URL, which leads through CloudFront to the files and the API, and the API's own
 * URL. These steps change nothing.
 */
export async function checkEntrances(
  { step, skip }: Report,
  { console, direct, refuses }: { console: Api; direct: Api | undefined; refuses: Target['refuses'] },
): Promise<void> {
  await step('API', async () => {
    await console.send('GET /v1/health', getHealthContract.answer.body);
    return { found: `${console.url}/v1/health answers`, value: undefined };
  });
  await step('console page', () => checkConsolePage(console));
  if (!direct) {
    skip('API without CloudFront', 'the URL of the API is not known: set --api-url');
    return;
  }
  await step('API without CloudFront', () => checkDirect(direct, refuses));
}

async function checkConsolePage(console: Api) {
  const page = await console.fetch('GET /rps');
  const html = await page.text();
  expectThat(page.status === 200, `GET /rps answered ${page.status}`);
  const isTls = console.url.startsWith('https:');
  const headers = Object.entries({ ...consoleHeaders, 'cache-control': consoleCaching.others })
    // RFC 6797, 7.2: without TLS, the header must not be sent.
    .filter(([name]) => isTls || name !== 'strict-transport-security');
  for (const [name, value] of headers) {
    const sent = page.headers.get(name);
    expectThat(sent === value, `the header ${name} of the page is ${sent ?? 'missing'}, but should be ${value}`);
  }
  const [, script] = /<script[^>]* src="(\/assets\/[^"]+)"/.exec(html) ?? [];
  expectThat(script !== undefined, 'the page loads no script of the console');
  const asset = await console.fetch(`GET ${script}`);
  await asset.arrayBuffer();
  expectThat(asset.status === 200, `GET ${script} answered ${asset.status}`);
  return { found: `${console.url}/rps has its ${headers.length} headers and its script`, value: undefined };
}

/** Checks that the API's own URL serves anonymous requests exactly if the stage allows them. */
async function checkDirect(direct: Api, refuses: Target['refuses']) {
  if (refuses === 'none') {
    await direct.send('GET /v1/health', getHealthContract.answer.body);
    return { found: `${direct.url} answers`, value: undefined };
  }
  try {
    await direct.send('GET /v1/health', z.unknown());
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 403) throw error;
    return { found: `${direct.url} refuses ${refuses} requests`, value: undefined };
  }
  throw new SmokeError(`${direct.url} serves anonymous requests, although onlyThroughCloudFront is set`);
}
