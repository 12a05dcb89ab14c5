import { Resolver } from 'node:dns/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../bin/preflight/check.ts';
import { openDns } from '../../bin/preflight/dns.ts';
import { openAws } from '../../bin/preflight/questions.ts';
import type { Result } from '../../bin/preflight/run-checks.ts';
import { readStage } from '../../config/stage.ts';
import { startFakeAws, type FakeAccount, type FakeAws } from '../support/fake-aws.ts';
import { clientsOf, healthyAccount, healthyDns, NOW, preflight, REGION, stages } from './accounts.ts';
import { undeployed, type Deviation } from './deviations.ts';

/** The names of the checks by subject. Each subject has a test file of its name with the cases of its checks. */
export const subjects = {
  account: ['settings', 'credentials', 'CDK bootstrap', 'Lambda concurrency', 'budget'],
  'ses-account': ['SES sandbox', 'SES sending', 'SES rate', 'suppression list'],
  sender: ['sender identity', 'DKIM', 'MAIL FROM', 'DMARC'],
  certificate: ['certificate'],
  'web-acl': ['web ACL'],
  copies: ['copies'],
  'console-host': ['console host'],
  stacks: ['stacks', 'table', 'alarm subscription'],
} satisfies Readonly<Record<string, readonly string[]>>;

/** A run of the preflight, and the state of one check with a part of the text that the check prints. */
export type Case = readonly [check: string, when: string, deviation: Deviation, state: Result['state'], text: string];

/** Starts a fake AWS for the tests of a file, and returns functions that run the preflight against it. */
export function usePreflight() {
  let aws: FakeAws | undefined;
  beforeAll(async () => {
    aws = await startFakeAws();
  });
  afterAll(() => aws?.stop());
  const fake = () => {
    if (!aws) throw new Error('The fake AWS has not started yet.');
    return aws;
  };
  return {
    fake,
    /** Runs the preflight and returns the results by the names of the checks. */
    async run({ account = {}, dns = {}, settings = {}, isFresh = false }: Deviation) {
      const deployed = isFresh ? { ...healthyAccount, ...undeployed } : healthyAccount;
      const { exitCode, stdout } = await preflight(fake(), {
        account: { ...deployed, ...account },
        dns: { ...healthyDns, ...dns },
        settings: { production: { ...stages['production'], ...settings } },
        args: ['--stage', 'production', '--json'],
      });
      const results = JSON.parse(stdout) as Result[];
      return { exitCode, results: Object.fromEntries(results.map((result) => [result.check, result])) };
    },
    /** Returns the result of one check for a stage with more settings. */
    async runCheck(check: Check, settings: object, account: FakeAccount = {}) {
      fake().become({ ...healthyAccount, ...account });
      const { aws: opened } = openAws(clientsOf(fake()));
      const stage = { ...readStage(stages, 'production'), ...settings };
      return check.run({ stage, aws: opened, dns: openDns(new Resolver()), region: REGION, now: NOW });
    },
  };
}

/** Tests the cases of a subject, and that each check of the subject has a case in which it is not fine. */
export function testSubject(
  subject: keyof typeof subjects,
  { run }: Pick<ReturnType<typeof usePreflight>, 'run'>,
  cases: readonly Case[],
): void {
  describe(`the preflight judges the subject ${subject}:`, () => {
    it.each(cases)('%s %s', async (check, _, deviation, state, text) => {
      const { exitCode, results } = await run(deviation);
      const result = results[check];

      expect(result?.state).toBe(state);
      expect(`${result?.found ?? ''} → ${result?.next ?? ''}`).toContain(text);
      const states = Object.values(results).map((one) => one.state);
      expect(exitCode).toBe(states.some((one) => one === 'to do' || one === 'not checked') ? 1 : 0);
    });

    it('each check has a case in which it is not fine', () => {
      const found = new Set(cases.filter(([, , , state]) => state !== 'fine').map(([check]) => check));
      expect([...found].sort()).toEqual([...subjects[subject]].sort());
    });
  });
}
