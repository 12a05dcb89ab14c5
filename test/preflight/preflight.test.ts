import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { checks } from '../../bin/preflight/checks.ts';
import { stackParts } from '../../bin/preflight/deployed-stacks.ts';
import { questions } from '../../bin/preflight/questions.ts';
import type { Result } from '../../bin/preflight/run-checks.ts';
import { FakeError, NO_ANSWER } from '../support/fake-aws.ts';
import { clientsOf, healthyAccount, preflight } from './accounts.ts';
import { concurrency } from './deviations.ts';
import { subjects, usePreflight } from './subjects.ts';

const tested = usePreflight();

describe('the preflight', () => {
  it('finds each check to be fine in a healthy account', async () => {
    const { exitCode, results } = await tested.run({});

    expect(Object.values(results).filter(({ state }) => state !== 'fine')).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('has a test file for the subject of each check', () => {
    expect(Object.values(subjects).flat().sort()).toEqual(checks.map(({ name }) => name).sort());
    const files = globSync('*.test.ts', { cwd: import.meta.dirname });
    expect(files).toEqual(expect.arrayContaining(Object.keys(subjects).map((subject) => `${subject}.test.ts`)));
  });

  it('reads only', async () => {
    await tested.run({ account: concurrency(10) });

    expect(tested.fake().called.filter((operation) => !/^(Get|Describe|List)/.test(operation))).toEqual([]);
    expect(new Set(tested.fake().called).size).toBe(Object.keys(questions).length);
  });

  it('asks each question once', async () => {
    await tested.run({});
    expect(tested.fake().called.filter((operation) => operation === 'GetEmailIdentity')).toHaveLength(1);
    expect(tested.fake().called.filter((operation) => operation === 'DescribeStacks')).toHaveLength(6);
  });

  it.each(Object.values(questions).flatMap((one: { right?: string }) => one.right ?? []))(
    'says which right is missing, and goes on, if the account denies %s',
    async (right) => {
      const operation = right === 'budgets:ViewBudget' ? 'DescribeBudgets' : (right.split(':')[1] ?? '');
      for (const name of ['AccessDeniedException', 'AccessDenied', 'AuthorizationError']) {
        const { exitCode, results } = await tested.run({
          account: { ...concurrency(10), [operation]: () => new FakeError(name, 'not authorized', 403) },
        });
        const naming = Object.values(results).filter(({ found, next = '' }) => `${found} ${next}`.includes(right));
        expect(naming.length).toBeGreaterThan(0);
        expect(Object.values(results).some(({ state }) => state === 'fine')).toBe(true);
        expect(Object.keys(results)).toHaveLength(checks.length);
        expect(exitCode).toBe(1);
      }
    },
  );

  it.each(Object.keys(healthyAccount).filter((operation) => !operation.startsWith('ListRequested')))(
    'says that nobody answered, and goes on, if %s gets no answer',
    async (operation) => {
      const { exitCode, results } = await tested.run({ account: { [operation]: () => NO_ANSWER } });
      const unchecked = Object.values(results).filter(({ state }) => state === 'not checked');

      expect(unchecked.length).toBeGreaterThan(0);
      for (const { found, next } of unchecked) {
        expect(found).toMatch(/^no answer about .+ \(ECONNRESET\)$/);
        // The names of the questions in the code say nothing to an operator.
        for (const name of Object.keys(questions)) expect(found).not.toContain(`about ${name} `);
        expect(next).toContain('Check the network');
      }
      expect(exitCode).toBe(1);
    },
  );

  it('says in every line that the credentials are wrong, if AWS accepts them nowhere', async () => {
    const wrong = Object.fromEntries(
      Object.keys(healthyAccount).map((name) => [name, () => new FakeError('UnrecognizedClientException', '', 403)]),
    );
    const { results } = await tested.run({ account: wrong });

    expect(results['credentials']?.state).toBe('to do');
    expect(results['budget']).toMatchObject({
      state: 'not checked',
      found: expect.stringContaining('credentials') as unknown,
    });
    expect(results['settings']?.state).toBe('fine');
  });

  it('shows the reason why several checks have no answer only once, with the names of these checks', async () => {
    const { stdout } = await preflight(tested.fake(), {
      account: { ...healthyAccount, GetCallerIdentity: () => NO_ANSWER, GetAccount: () => NO_ANSWER },
    });

    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.includes('no answer about'))).toEqual([
      'credentials         not checked  no answer about the owner of the credentials (ECONNRESET)',
      "SES sandbox         not checked  no answer about the account's settings of SES (ECONNRESET)",
    ]);
    const next = '                    → Check the network and the region, and run the command again.';
    expect(lines.flatMap((line, index) => (line === next ? [lines[index + 1]] : []))).toEqual([
      '                      Not checked for the same reason: CDK bootstrap, certificate, budget',
      '                      Not checked for the same reason: SES sending, SES rate',
    ]);
    expect(lines.at(-2)).toBe('0 things to do, 7 checks without an answer.');
  });

  it('refuses an unknown stage, and a command line without one', async () => {
    const unknown = await preflight(tested.fake(), { account: healthyAccount, args: ['--stage', 'staging'] });
    expect([unknown.exitCode, unknown.stdout]).toEqual([1, '']);
    expect(unknown.stderr).toContain('There is no stage "staging" in config/stages.ts.');

    const none = await preflight(tested.fake(), { account: healthyAccount, args: [] });
    expect([none.exitCode, none.stdout]).toEqual([1, '']);
    expect(none.stderr).toContain('Name the stage with --stage <name>.');
    expect(tested.fake().called).toEqual([]);
  });

  it('says of every check that there is no region, if none is set', async () => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
    const { endpoint, credentials } = clientsOf(tested.fake());
    const { exitCode, stdout } = await preflight(tested.fake(), {
      account: healthyAccount,
      args: ['--stage', 'production', '--json'],
      clients: { endpoint, credentials },
    });
    const withoutAnswer = (JSON.parse(stdout) as Result[]).filter(({ state }) => state === 'not checked');
    expect(exitCode).toBe(1);
    expect(withoutAnswer.length).toBeGreaterThan(5);
    expect(new Set(withoutAnswer.map(({ found }) => found))).toEqual(new Set(['no region is set']));

    const inWords = await preflight(tested.fake(), { account: healthyAccount, clients: { endpoint, credentials } });
    expect(inWords.stdout.match(/no region is set/g)).toHaveLength(1);
    expect(inWords.stdout.match(/→ Set the region/g)).toHaveLength(1);
    for (const { check } of withoutAnswer) expect(inWords.stdout).toContain(check);
  });

  it('knows all stacks of the stage', () => {
    const app = readFileSync('bin/app.ts', 'utf8');
    const parts = [...app.matchAll(/Stack\(app, id\('(\w+)'\)/g)].map(([, part]) => part);
    expect(parts).toEqual([...stackParts]);
  });
});
