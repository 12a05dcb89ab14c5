import { afterAll, beforeAll, describe, it } from 'vitest';
import { consoleFolder } from '../support/console-folder.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { expectFault, faulty, problem, unavailable, type Fault } from './faults.ts';
import { smokeRunsOf } from './smoke-runs.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ consoleFolder: consoleFolder(), verifiesDomains: true });
});
afterAll(() => service.stop());
const runs = smokeRunsOf(() => service);

/** The faults of all steps, except for those that `smoke.test.ts` tests. */
const faults: readonly Fault[] = [
  ['API', 'answered 200 with an unexpected body', faulty(/ \/v1\/health$/, () => new Response('<html>'))],
  [
    'console page',
    'the header content-security-policy of the page is missing',
    faulty(/ \/rps$/, async (send) => new Response(await (await send()).text(), { status: 200 })),
  ],
  ['console page', 'GET /rps answered 403', faulty(/ \/rps$/, () => new Response('', { status: 403 }))],
  [
    'console page',
    'the page loads no script of the console',
    faulty(/ \/rps$/, async (send) => new Response('<html></html>', { headers: (await send()).headers })),
  ],
  ['console page', 'answered 404', faulty(/ \/assets\//, () => new Response('', { status: 404 }))],
  ['sign-up', 'answered 429', faulty(/^POST \/v1\/customers$/, problem(429, 'too-many-requests'))],
  ['RP', 'answered 503', faulty(/^POST \/v1\/rps$/, unavailable)],
  ['API key', 'answered 503', faulty(/\/api-keys$/, unavailable)],
  ['user', 'Something is wrong.', faulty(/^POST \/v1\/rp\/users$/, unavailable)],
  ['registration', 'Something is wrong.', faulty(/^POST \/v1\/rp\/registrations$/, unavailable)],
  ['sign-in', 'Something is wrong.', faulty(/^POST \/v1\/rp\/authentications$/, unavailable)],
  ['RP removed', 'answered 503', faulty(/^DELETE \/v1\/rps\//, unavailable)],
];

describe('the smoke test', () => {
  it.each(faults)('says what to look at if the step %s fails: %s', (...fault) => expectFault(runs, fault));
});
