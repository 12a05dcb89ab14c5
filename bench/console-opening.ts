import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page, Route } from 'playwright-core';
import { routes } from '../functions/api/routes.ts';
import type { OutboxMail } from '../local/aws/outbox.ts';
import { linksIn } from '../local/local-page.ts';
import { startService } from '../local/service.ts';
import { Authenticator } from '../test/browser/support/authenticator.ts';
import { launchChromium, missingChromium } from '../test/browser/support/launch-chromium.ts';
import type { Goal, Report } from './report.ts';

/** The API requests that the console sends until it has drawn the Customer screen. */
export interface Opening {
  /**
   * For each wave of requests, the names of the requested routes. The console sends a wave of requests after it has
   * received the responses to the previous wave.
   */
  readonly waves: readonly (readonly string[])[];
  /** The Lambda functions that serve the routes of all waves. */
  readonly functions: readonly string[];
}

const CONSOLE = join(import.meta.dirname, '../web/dist');
/** If the console sends no further request for this number of milliseconds, the wave of requests is complete. */
const QUIET = 3_000;
const MAX_WAVES = 2;
const MAX_FUNCTIONS = 1;

/**
 * Measures how many waves of API requests the console sends to open the Customer screen of a Free customer, and how
 * many Lambda functions serve these requests. The measurement needs Chromium.
 */
export async function benchConsoleOpening(endpoint: string): Promise<Report> {
  const title = 'Opening the Customer screen: waves of requests, and the Lambda functions that serve the requests';
  const missing = existsSync(CONSOLE) ? missingChromium : 'The console is not built: npm run build';
  if (missing !== undefined) return { title, tables: [], notes: [`Not measured. ${missing}`] };
  const opening = await openInChromium(endpoint);
  return {
    title,
    tables: [Object.fromEntries(opening.waves.map((names, index) => [index + 1, { requests: names.join(', ') }]))],
    notes: [
      `Functions: ${opening.functions.join(', ')}. With one function for each route, there were 3 waves and 6 functions.`,
    ],
    goals: judge(opening),
  };
}

/** Returns the goal about opening the console, and whether it is met. */
export function judge({ waves, functions }: Opening): Goal[] {
  return [
    {
      goal: `Customer screen: one request before its blocks load, at most ${MAX_WAVES} in a row, ${MAX_FUNCTIONS} function`,
      measured: `${waves[0]?.length ?? 0}, ${waves.length} and ${functions.length}`,
      met: waves[0]?.length === 1 && waves.length <= MAX_WAVES && functions.length <= MAX_FUNCTIONS,
    },
  ];
}

/**
 * Loads the Customer screen in a browser page whose user is signed in. Delays every API request until the console sends
 * no further request, and then forwards all delayed requests to the service together. Waits for a further request for
 * `QUIET` milliseconds, or for twice the time that the console took to send its first request if that is longer.
 */
export async function measureOpening(page: Page): Promise<Opening> {
  const waves: string[][] = [];
  let held: Route[] = [];
  let lastAt = performance.now();
  const openedAt = lastAt;
  await page.route('**/v1/**', (route) => {
    held.push(route);
    lastAt = performance.now();
  });
  const firstRequest = page.waitForRequest('**/v1/**');
  await page.goto('/');
  await firstRequest;
  const quiet = Math.max(QUIET, 2 * (lastAt - openedAt));
  for (;;) {
    while (performance.now() - lastAt < quiet) await sleep(50);
    if (held.length === 0) break;
    const wave = held;
    held = [];
    waves.push(wave.map((route) => routeOf(route).name));
    lastAt = performance.now();
    await Promise.all(wave.map((route) => route.continue()));
  }
  await page.unroute('**/v1/**');
  const names = new Set(waves.flat());
  const functions = new Set(routes.filter(({ name }) => names.has(name)).map((route) => route.function));
  return { waves, functions: [...functions] };
}

function routeOf(held: Route) {
  const request = held.request();
  const { pathname } = new URL(request.url());
  const route = routes.find(({ method, path }) => method === request.method() && path === pathname);
  if (!route) throw new Error(`No route serves ${request.method()} ${pathname}.`);
  return route;
}

async function openInChromium(endpoint: string): Promise<Opening> {
  const quiet = () => undefined;
  const service = await startService({
    endpoint,
    tableName: 'console-opening',
    log: { info: quiet, warn: quiet, error: quiet },
    consoleFolder: CONSOLE,
  });
  const browser = await launchChromium();
  try {
    const page = await (await browser.newContext({ baseURL: service.url, locale: 'en-US' })).newPage();
    await Authenticator.of(page);
    const email = 'alice@example.com';
    const body = { customer: { name: 'Example Corporation' }, representative: { name: 'Alice Arai', email } };
    await page.request.post('/v1/customers', { data: body });
    const mails = (await (await page.request.get('/_local/mail')).json()) as OutboxMail[];
    const [link] = mails.flatMap(linksIn);
    if (!link) throw new Error('The activation link was not sent.');
    await page.goto(`/${link.path}#token=${link.token}`);
    await page.getByRole('main').getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Register a passkey' }).click();
    await page.getByRole('heading', { level: 1, name: 'Customer' }).waitFor();
    return await measureOpening(page);
  } finally {
    await browser.close();
    await service.stop();
  }
}
