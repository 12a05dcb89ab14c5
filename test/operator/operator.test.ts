import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerDetails } from '../../bin/operator/invoke-operator.ts';
import { freePort } from '../../local/aws/engine.ts';
import { decide } from '../deployed/iam/decide.ts';
import { statementsOf } from '../deployed/iam/statements.ts';
import { runOperator, runOperatorProcess } from '../support/operator-command-line.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

describe('the operator command line', { timeout: 30_000 }, () => {
  let service: TestService;
  let alice: SignedUp;
  let bob: SignedUp;
  const operator = (...args: string[]) => runOperator(args, new URL(service.url).port);

  beforeAll(async () => {
    service = await startTestService();
    alice = await service.signUp('Example Corporation');
    bob = await service.signUp('Another Corporation');
    await service.newRp(bob.session);
  }, 30_000);
  afterAll(() => service.stop());

  it('lists the customers in the order of their sign-up, as a program', async () => {
    const { exitCode, stdout, stderr } = await runOperatorProcess(['customer', 'list'], {
      PORT: new URL(service.url).port,
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^CUSTOMER +STATUS +LICENSE +RPS +USERS +SIGNED UP +NAME$/),
      expect.stringMatching(
        new RegExp(`^${alice.customerId}  active  free, active +0 +0  \\S+Z  Example Corporation$`),
      ),
      expect.stringMatching(new RegExp(`^${bob.customerId}  active  free, active +1 +0  \\S+Z  Another Corporation$`)),
      '',
    ]);
  });

  it('shows a customer as text and as JSON', async () => {
    const [shown, json, { result }] = await Promise.all([
      operator('customer', 'show', bob.customerId),
      operator('--json', 'customer', 'show', bob.customerId),
      service.operate({ command: 'show-customer', customerId: bob.customerId }),
    ]);
    expect(shown.stdout).toMatch(/^Another Corporation\n {2}Customer +cus_/);
    expect(shown.stdout).toContain(`Alice Arai <${bob.email}>`);
    expect(shown.stdout).toMatch(/^ {2}rp_\w{20} +0 {2}shop\.example\.com {2}Example Shop$/m);
    expect(JSON.parse(json.stdout)).toEqual(result);
  });

  it('sets a license with a custom maximum MAU, and then an upcoming license', async () => {
    const first = await operator(
      ...['license', 'set', alice.customerId, '--type', 'business'],
      ...['--ends', '2036-12-01T00:00:00+09:00', '--max-mau', '20000'],
    );
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    // The list shows when a replaced license stopped being in force, because this time differs from the end of the
    // license.
    expect(first.stdout).toMatch(
      /^ {2}free +past, until (\S+Z) +\S+ +never [^\n]*\n {2}business +in force +\1 +2036-11-30T15:00:00Z /m,
    );
    expect(first.stdout).toMatch(
      /Type +business, active\n.*\n +Ends +2036-11-30T15:00:00Z\n.*\n +Maximum MAU +20,000\n/,
    );

    const later = ['--starts', '2035-01-01T00:00:00Z', '--ends', '2037-01-01T00:00:00Z', '--max-registered-rps', '7'];
    const second = await operator('license', 'set', alice.customerId, '--type', 'starter', ...later, '--json');
    const shown = JSON.parse(second.stdout) as CustomerDetails;
    expect(shown.licenseInForce).toMatchObject({ type: 'business', maxMau: 20_000 });
    expect(shown.licenses).toMatchObject([
      { type: 'free' },
      { type: 'business' },
      { type: 'starter', maxRegisteredRps: 7 },
    ]);
  });

  it('cancels an upcoming license, and explains why a wrong start is refused', async () => {
    const { customerId } = await service.signUp('Mistyped Corporation');
    const cancel = (starts: string) => operator('license', 'cancel', customerId, '--starts', starts);
    const later = ['--starts', '2062-12-01T00:00:00+09:00', '--ends', '2063-12-01T00:00:00Z'];
    const set = await operator('license', 'set', customerId, '--type', 'business', ...later);
    const section = (text: string, title: string) =>
      text
        .split('\n\n')
        .find((part) => part.startsWith(`${title}\n`))
        ?.split('\n')
        .slice(1)
        .map((line) => line.trim());
    expect(section(set.stdout, 'Upcoming licenses')).toEqual([
      expect.stringMatching(/^TYPE +STARTS +ENDS +MAXIMA$/),
      'business  2062-11-30T15:00:00Z  2063-12-01T00:00:00Z  1,000 RPs, 10,000 MAU',
    ]);

    const mistyped = await cancel('2062-12-01T00:00:00Z');
    expect([mistyped.exitCode, mistyped.stdout, mistyped.stderr]).toEqual([
      1,
      '',
      'The request is not valid\n  --starts: Must be the start of an upcoming license: none starts at 2062-12-01T00:00:00Z. Upcoming licenses: business at 2062-11-30T15:00:00Z\n',
    ]);
    const cancelled = await cancel('2062-11-30T15:00:00Z');
    expect(cancelled).toMatchObject({ exitCode: 0, stderr: '' });
    expect(section(cancelled.stdout, 'License in force')?.[0]).toMatch(/^Type +free, active$/);
    expect(section(cancelled.stdout, 'Upcoming licenses')).toEqual(['none']);
    expect(section(cancelled.stdout, 'All licenses')).toEqual([
      expect.stringMatching(/^TYPE +STATE +STARTS +ENDS +SET AT +MAXIMA$/),
      expect.stringMatching(/^free +in force +\S+ +never +\S+ +1 RP, 100 users$/),
      expect.stringMatching(/^business +cancelled +2062-11-30T15:00:00Z +\S+ +\S+ +1,000 RPs, 10,000 MAU$/),
    ]);
    const change = service.logged.findLast(({ fields }) => fields['what'] === 'license');
    expect(change?.fields).toMatchObject({ customerId, before: { type: 'business' }, after: null });
    expect((await cancel('2062-11-30T15:00:00Z')).stderr).toContain('was cancelled at');
    expect((await cancel('tomorrow')).stderr).toContain('--starts: Must be a valid time in ISO 8601');
  });

  it('explains in its help how to cancel an upcoming license, and that setting Free keeps upcoming licenses', async () => {
    const [set, cancel, all] = await Promise.all([
      operator('license', 'set', '--help'),
      operator('license', 'cancel', '--help'),
      operator('license', '--help'),
    ]);
    expect(set.stdout).toMatch(
      /Upcoming licenses stay, even if you set Free[^]*"license cancel" cancels an upcoming license/,
    );
    expect(cancel.stdout).toContain('replace it with "license set"');
    expect(all.stdout).toMatch(/^ {2}cancel \[options\] <customer> /m);
    expect((await operator('license', 'cancel', alice.customerId)).stderr).toContain('--help');
  });

  it('logs the name of the operator', async () => {
    await operator('license', 'set', alice.customerId, '--type', 'free', '--max-registered-users', '12');
    const change = service.logged.findLast(({ fields }) => fields['what'] === 'license');
    expect(change?.fields).toMatchObject({
      actor: { operator: expect.stringMatching(new RegExp(`.@${hostname()}$`)) as unknown },
      after: { type: 'free', maxRegisteredUsers: 12 },
    });
  });

  it("replaces a representative's e-mail address", async () => {
    const { exitCode, stdout } = await operator(
      'customer',
      'set-representative-email',
      bob.customerId,
      'bob@new.example',
    );
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('bob@new.example')]);
    expect(await service.openLink(await service.linkTo('bob@new.example'))).toMatchObject({ email: 'bob@new.example' });
  });

  it.each([
    [
      'input that the service refuses',
      ['license', 'set', 'cus_1', '--type', 'free'],
      '<customer>: Must be the ID of a customer',
    ],
    [
      'input that the command line cannot parse',
      ['license', 'set', 'cus_1', '--type', 'free', '--max-registered-users', '1.5'],
      'It must be a whole number',
    ],
  ])('explains the error in %s', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await operator(...args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  it('prints an error as JSON if --json is set', async () => {
    const { exitCode, stdout, stderr } = await operator(
      'license',
      'set',
      bob.customerId,
      '--type',
      'starter',
      '--json',
    );
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(JSON.parse(stderr)).toMatchObject({
      type: '/problems/validation',
      errors: [{ pointer: '#/endsAt', code: 'end-required' }],
    });
  });

  it('explains how to start the local service if the service is not running', async () => {
    const { exitCode, stderr } = await runOperator(['customer', 'list'], String(await freePort()));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('npm start');
  });

  it('prints the policy that allows the invocation of the function of a stage, or of all stages, and nothing else', async () => {
    const allowed = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await operator(...args);
      expect([exitCode, stderr]).toEqual([0, '']);
      const statements = statementsOf('operator', JSON.parse(stdout));
      return ['production-operator', 'staging-operator', 'production-api'].filter((name) => {
        const resource = `arn:aws:lambda:eu-central-1:123456789012:function:fido2-server-service-${name}`;
        return decide(statements, { action: 'lambda:InvokeFunction', resource, context: {} }).allowed;
      });
    };

    expect(await allowed('policy')).toEqual(['production-operator', 'staging-operator']);
    expect(await allowed('policy', '--stage', 'production')).toEqual(['production-operator']);
  });

  it('uses AWS credentials to invoke the Lambda function of a stage, and does not retry after a failure', async () => {
    const requests: { path: string | undefined; authorization: string | undefined; body: unknown }[] = [];
    const lambda = createServer((request, response) => {
      void text(request).then((body) => {
        const { url: path, headers } = request;
        requests.push({ path, authorization: headers.authorization, body: JSON.parse(body) });
        response.writeHead(200, { 'X-Amz-Function-Error': 'Unhandled' }).end('{"errorMessage":"secret"}');
      });
    }).listen(0, '127.0.0.1');
    await once(lambda, 'listening');
    const { exitCode, stderr } = await runOperatorProcess(['customer', 'list', '--stage', 'production'], {
      AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    });
    lambda.close();
    expect(requests).toEqual([
      {
        path: '/2015-03-31/functions/fido2-server-service-production-operator/invocations',
        authorization: expect.stringMatching(/Credential=AKIAEXAMPLE\/\d{8}\/eu-central-1\/lambda\//) as unknown,
        body: { operator: expect.any(String) as unknown, request: { command: 'list-customers' } },
      },
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Read the log of fido2-server-service-production-operator');
  });
});
