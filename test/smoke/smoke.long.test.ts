import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepNames } from '../../bin/smoke/look-at.ts';
import { stages } from '../../config/stages.ts';
import { childEnvironment } from '../support/child-processes.ts';
import { consoleFolder } from '../support/console-folder.ts';
import { FakeError, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { clientsOf, stackOf } from '../preflight/accounts.ts';
import { expectFault, faulty, problem, unavailable, type Fault } from './faults.ts';
import { smokeRunsOf } from './smoke-runs.ts';

const folder = consoleFolder();
let service: TestService;
let aws: FakeAws;
beforeAll(async () => {
  service = await startTestService({ consoleFolder: folder, verifiesDomains: true });
  aws = await startFakeAws();
});
afterAll(async () => {
  await aws.stop();
  await service.stop();
});

const { linkIn, smoke, customerOf } = smokeRunsOf(() => service);

describe('the smoke test', () => {
  it('keeps everything with --keep, and a second run with the same address continues with it', async () => {
    const first = await smoke({ more: ['--keep'] });
    const { email } = first;
    const kept = await customerOf(email);

    expect(first.exitCode).toBe(0);
    expect(Object.keys(first.steps)).toEqual(stepNames.slice(0, -2));
    expect(first.stdout).toContain(
      `The smoke test leaves behind:\n  the customer "Smoke test" (${kept?.customerId ?? ''}) with the representative ${email}\n    → npm run operator -- --stage development customer unsubscribe`,
    );
    expect(kept).toMatchObject({ registeredRps: 1, registeredUsers: 1, isLeaving: false });

    const second = await smoke({ email });
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toContain('the RP of an earlier smoke test was removed');
    expect(second.stdout).toMatch(/^MAU +ok +the console shows 2 MAU$/m);
    expect(await customerOf(email)).toMatchObject({ customerId: kept?.customerId, registeredRps: 0 });
  });

  /** Signs in with the newest link to an address. Returns the session. */
  async function openLinkTo(email: string): Promise<string> {
    const opened = await service.send('POST /v1/sessions', { body: { token: await service.linkTo(email) } });
    return (opened.body as { sessionToken: string }).sessionToken;
  }
  /** Signs up a customer with two active administrators. Returns their addresses, and a session of the first. */
  async function customerWithTwo(name: string) {
    const { email, session } = await service.signUp(name);
    const second = service.newEmail();
    const body = { name: 'Bob', email: second, privilege: 'privileged' };
    expect((await service.send('POST /v1/administrators', { as: session, body })).status).toBe(201);
    await openLinkTo(second);
    return { email, second, session };
  }
  it.each([
    ['with another name', 'Harbor Market', 'email'],
    ['whose representative has another address', 'Smoke test', 'second'],
  ] as const)('leaves a customer alone %s, and signs out', async (_, name, address) => {
    const customer = await customerWithTwo(name);
    await service.newRp(customer.session);
    const email = customer[address];
    const { exitCode, stdout } = await smoke({ email });

    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `the link is for the customer "${name}" with the representative ${customer.email}, which the smoke test does not use.`,
    );
    expect(stdout).not.toContain('leaves behind');
    expect(await customerOf(customer.email)).toMatchObject({ name, registeredRps: 1, isLeaving: false });
    await service.send('POST /v1/sign-in-links', { body: { email } });
    const { body } = await service.send('GET /v1/sessions', { as: await openLinkTo(email) });
    // The new session, and the one before the smoke test.
    expect((body as { items: unknown[] }).items).toHaveLength(2);
  });

  it('asks again for a link that is none or that is used, and takes the link of an earlier run', async () => {
    const email = service.newEmail();
    const questions: string[] = [];
    const signedUp = await smoke({
      email,
      ask: (question) => {
        questions.push(question);
        return Promise.resolve(questions.length < 3 ? 'https://example.com/' : undefined);
      },
    });
    expect(signedUp.exitCode).toBe(1);
    expect(questions).toEqual([
      `Paste the link from the e-mail to ${email}:`,
      `This text contains no link of the service. Paste the link from the e-mail to ${email}:`,
      `This text contains no link of the service. Paste the link from the e-mail to ${email}:`,
    ]);
    expect(signedUp.stdout).toContain('no link was pasted');
    expect(signedUp.stdout).toContain(
      `The smoke test leaves behind:\n  the sign-up of ${email}\n    → If nobody opens its link, the service deletes it after 7 days.`,
    );

    const link = await linkIn(email);
    const later = await smoke({ email, more: ['--link', link], ask: () => Promise.resolve(undefined) });
    expect([later.exitCode, later.steps['sign-up']]).toEqual([0, 'skipped']);

    const used = await smoke({ email, more: ['--link', link] });
    expect([used.exitCode, used.steps['link']]).toEqual([1, 'failed']);
    expect(used.stdout).toContain('The link has expired or was used before.');
  });

  it('asks for a new link if the sign-in is no longer recent', async () => {
    const email = service.newEmail();
    let asked = 0;
    let refused = 0;
    const once = faulty(/^POST \/v1\/customer\/unsubscription$/, (send) =>
      (refused += 1) === 1 ? problem(403, 'reauthentication-required')() : send(),
    );
    const { exitCode } = await smoke({
      email,
      fetch: once,
      ask: () => {
        asked += 1;
        return linkIn(email);
      },
    });
    expect([exitCode, asked]).toEqual([0, 2]);
  });

  it('reads the URLs from the outputs of the stacks', async () => {
    aws.become({
      DescribeStacks: ({ StackName = '' }) =>
        StackName.endsWith('-console')
          ? stackOf(StackName, 'CREATE_COMPLETE', { ConsoleUrl: service.url })
          : stackOf(StackName, 'CREATE_COMPLETE', { ApiUrl: `${service.url}/` }),
    });
    const clients = clientsOf(aws);
    const found = await smoke({ urls: [], clients });
    expect([found.exitCode, found.steps['API without CloudFront']]).toEqual([0, 'ok']);

    aws.become({ DescribeStacks: () => new FakeError('AccessDenied', 'no', 403) });
    const denied = await smoke({ urls: [], clients });
    expect(denied.exitCode).toBe(1);
    expect(denied.stdout).toContain('the right cloudformation:DescribeStacks is missing');

    aws.become({ DescribeStacks: ({ StackName = '' }) => stackOf(StackName, 'CREATE_COMPLETE') });
    const absent = await smoke({ urls: [], clients });
    expect(absent.stdout).toMatch(/^stage +failed +the stack \S+-console has no output ConsoleUrl/m);
  });

  /** `faults.long.test.ts` tests the other steps. */
  const faults: readonly Fault[] = [
    ['API', 'answered 503: A problem. Something is wrong. (request req-1)', faulty(/ \/v1\/health$/, unavailable)],
    [
      'RP',
      'got no answer',
      faulty(/^POST \/v1\/rps$/, async (send) => {
        await send();
        throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
      }),
    ],
    ['unsubscription', 'answered 503', faulty(/^POST \/v1\/customer\/unsubscription$/, unavailable)],
  ];
  it.each(faults)('says what to look at if the step %s fails: %s', (...fault) =>
    expectFault({ smoke, customerOf }, fault),
  );

  it.each([
    ['a session token', /^POST \/v1\/sessions$/, 'ses_secret', 'wrong fields: expiresAt'],
    ['an API key', /^POST \/v1\/rps\/[^/]+\/api-keys$/, 'key_secret', 'wrong fields: createdAt'],
  ])('does not print %s of a response with an unexpected body', async (_, request, secret, fields) => {
    const fetch = faulty(request, async (send) => {
      const body = (await (await send()).json()) as object;
      const changed = { ...body, sessionToken: secret, apiKey: secret, expiresAt: 1, createdAt: 1 };
      return Response.json(changed, { status: 201 });
    });
    const { exitCode, stdout } = await smoke({ fetch });

    expect(exitCode).toBe(1);
    expect(stdout).toContain(`answered 201 with an unexpected body (${fields})`);
    expect(stdout).not.toContain('secret');
  });

  it('says that the customer may be active if it does not know whether the link was opened', async () => {
    const lost = faulty(/^POST \/v1\/sessions$/, async (send) => {
      await send();
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
    });
    const { exitCode, stdout, email } = await smoke({ fetch: lost });

    expect(exitCode).toBe(1);
    expect(await customerOf(email)).toMatchObject({ name: 'Smoke test', isLeaving: false });
    expect(stdout).toContain(
      `The smoke test leaves behind:\n  the customer "Smoke test" with the representative ${email}, if the link was opened\n    → Run the smoke test again with the same address`,
    );
    expect((await smoke({ email })).exitCode).toBe(0);
  });

  it('fails if nothing listens, and if the user is not counted in time', async () => {
    const nowhere = await smoke({ urls: ['--url', 'http://127.0.0.1:9'] });
    expect([nowhere.exitCode, nowhere.steps['API']]).toEqual([1, 'failed']);
    expect(nowhere.stdout).toMatch(/got no answer from http:\/\/127\.0\.0\.1:9 \(.+\)/);

    const uncounted = faulty(/^GET \/v1\/customer$/, async (send) => {
      const view = (await (await send()).json()) as { license: object };
      return Response.json({ ...view, license: { ...view.license, mauThisMonth: 0 } });
    });
    const late = await smoke({ fetch: uncounted, reads: 2 });
    expect([late.exitCode, late.steps['MAU'], late.steps['unsubscription']]).toEqual([1, 'failed', 'ok']);
    expect(late.stdout).toContain('the console shows 0 MAU, but should show 1');
  });

  it('prints what is left when the operator stops it', async () => {
    let stop: () => void = () => undefined;
    const { stdout } = await smoke({
      onStop: (stopped) => (stop = stopped),
      ask: () => {
        stop();
        return Promise.resolve(undefined);
      },
    });
    expect(stdout.match(/The smoke test leaves behind:\n {2}the sign-up of/g)).toHaveLength(2);
  });

  it.each(['anonymous', 'all'] as const)('checks that the URL of the API refuses %s requests', async (required) => {
    const settings = { origin: 'https://console.example.com', sender: 'a@example.com', emailsPerSecond: 1 };
    const stage = {
      ...settings,
      ...{ operator: 'a@example.com', contact: 'a@example.com', timeZone: 'UTC', retained: false },
      ...{ planCatalogue: 'config/plans.json', onlyThroughCloudFront: required },
    };
    const behind = await startTestService({ consoleFolder: folder, edge: { secrets: ['secret'], required } });
    try {
      /** Adds the secret to the requests to `localhost`, as CloudFront does. */
      const throughCloudFront: typeof fetch = (input, init) => {
        const headers = new Headers(input instanceof Request ? input.headers : init?.headers);
        const { hostname } = new URL(input instanceof Request ? input.url : input);
        if (hostname === 'localhost') headers.set('x-origin-verify', 'secret');
        return fetch(input, { ...init, headers });
      };
      const email = service.newEmail();
      const common = {
        email,
        stages: { development: stage },
        fetch: throughCloudFront,
        ask: async () => `#token=${await behind.linkTo(email).catch(() => service.linkTo(email))}`,
      };
      const direct = behind.url.replace('localhost', '127.0.0.1');
      const refusing = await smoke({ ...common, urls: ['--url', behind.url, '--api-url', direct] });
      expect(refusing.stdout).toContain(`${direct} refuses ${required} requests`);
      const entrance = required === 'all' ? behind.url : direct;
      expect(refusing.stdout).toContain(`the user signed in at ${entrance}`);
      expect(refusing.exitCode).toBe(0);

      const open = await smoke({ ...common, urls: ['--url', behind.url, '--api-url', service.url] });
      expect([open.exitCode, open.steps['API without CloudFront']]).toEqual([1, 'failed']);
      expect(open.stdout).toContain('serves anonymous requests, although onlyThroughCloudFront is set');
    } finally {
      await behind.stop();
    }
  });

  it('skips the URL of the API if it is not known', async () => {
    const { exitCode, steps } = await smoke({ urls: ['--url', service.url] });
    expect([exitCode, steps['API without CloudFront']]).toEqual([0, 'skipped']);
  });

  it('reads the link from standard input, as a program', async () => {
    const email = service.newEmail();
    const [stage = ''] = Object.keys(stages);
    const args = ['bin/smoke.ts', '--stage', stage, '--url', service.url, '--email', email];
    const { exitCode, stdout } = await new Promise<{ exitCode: number; stdout: string }>((resolve) => {
      const child = execFile(process.execPath, args, { env: childEnvironment({}) }, (error, stdout) => {
        resolve({ exitCode: error ? Number(error.code) : 0, stdout });
      });
      child.stdout?.on('data', (text: string) => {
        if (text.includes('Paste the link')) void linkIn(email).then((link) => child.stdin?.end(`${link}\n`));
      });
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^unsubscription +ok/m);
  });
});
