import { expect, it } from 'vitest';
import { budget } from '../../bin/preflight/checks/budget.ts';
import { lambdaConcurrency } from '../../bin/preflight/checks/lambda-concurrency.ts';
import { exampleStages } from '../support/example-stages.ts';
import { FakeError, type FakeAccount } from '../support/fake-aws.ts';
import { noStack } from './accounts.ts';
import { concurrency, elsewhere, undeployed, withCopies, withStack } from './deviations.ts';
import { testSubject, usePreflight } from './subjects.ts';

const requested = (Status: string): FakeAccount => ({
  ListRequestedServiceQuotaChangeHistoryByQuota: () => ({
    RequestedQuotas: [{ Status, DesiredValue: 1_000, CaseId: '177' }],
  }),
});

const tested = usePreflight();
testSubject('account', tested, [
  [
    'settings',
    'with example values',
    { settings: exampleStages['production'] ?? {} },
    'to do',
    'origin, certificateArn, sender, operator, contact → Replace these settings',
  ],
  ['settings', 'with a domain that only looks alike', { settings: { origin: 'https://example.com.de' } }, 'fine', ''],
  ['credentials', 'of an account', {}, 'fine', 'account 210987654321, region eu-central-1, as arn:aws:sts::'],
  [
    'credentials',
    'that expired',
    { account: { GetCallerIdentity: () => new FakeError('ExpiredToken', 'expired', 403) } },
    'to do',
    'AWS accepts none of your credentials (ExpiredToken) → Set or renew',
  ],
  [
    'CDK bootstrap',
    'without the stack',
    { account: { DescribeStacks: ({ StackName = '' }) => noStack(StackName) } },
    'to do',
    'has no stack CDKToolkit → npx cdk bootstrap aws://210987654321/eu-central-1',
  ],
  [
    'CDK bootstrap',
    'with an old version',
    { account: withStack('CDKToolkit', 'UPDATE_COMPLETE', { BootstrapVersion: '5' }) },
    'to do',
    'has the version 5, and the CDK needs 6 → npx cdk bootstrap',
  ],
  [
    'CDK bootstrap',
    'without a version',
    { account: withStack('CDKToolkit', 'UPDATE_COMPLETE') },
    'to do',
    'has the version unknown',
  ],
  [
    'CDK bootstrap',
    'that failed',
    { account: withStack('CDKToolkit', 'ROLLBACK_COMPLETE') },
    'to do',
    'in the state ROLLBACK_COMPLETE → Delete the stack CDKToolkit, then run: npx cdk bootstrap',
  ],
  [
    'CDK bootstrap',
    'that is running',
    { account: withStack('CDKToolkit', 'CREATE_IN_PROGRESS') },
    'hint',
    'CREATE_IN_PROGRESS → Wait.',
  ],
  [
    'CDK bootstrap',
    'without the stack in the region of the copies',
    { settings: withCopies, account: elsewhere('CDKToolkit', noStack('CDKToolkit')) },
    'to do',
    'eu-west-1 has no stack CDKToolkit → npx cdk bootstrap aws://210987654321/eu-west-1',
  ],
  [
    'Lambda concurrency',
    'of a new account',
    { account: concurrency(10) },
    'to do',
    '10 concurrent executions, and the throttle of the API expects 1,000 → aws service-quotas',
  ],
  [
    'Lambda concurrency',
    'of a new account without customers',
    { account: concurrency(10), settings: { retained: false } },
    'hint',
    '--desired-value 1000',
  ],
  [
    'Lambda concurrency',
    'that other functions have reserved',
    { account: concurrency(1_000, 900) },
    'to do',
    '900 concurrent executions (100 of 1,000 are reserved)',
  ],
  [
    'Lambda concurrency',
    'that reserved executions leave',
    { account: concurrency(1_000, 900) },
    'to do',
    '--desired-value 1100',
  ],
  [
    'Lambda concurrency',
    'that was requested',
    { account: { ...concurrency(10), ...requested('CASE_OPENED') } },
    'to do',
    '→ Wait: AWS has not decided about the request for 1,000, case 177.',
  ],
  [
    'Lambda concurrency',
    'that AWS denied',
    { account: { ...concurrency(10), ...requested('DENIED') } },
    'to do',
    '→ aws service-quotas',
  ],
  [
    'budget',
    'that is missing',
    { account: { DescribeBudgets: () => ({}) } },
    'to do',
    'the account has no budget, so AWS warns nobody about high costs → In the console Billing',
  ],
  [
    'budget',
    'that is missing for a stage without customers',
    { account: { DescribeBudgets: () => ({ Budgets: [] }) }, settings: { retained: false } },
    'hint',
    'the account has no budget',
  ],
]);

it('the preflight compares the quota with the one of the alarm', async () => {
  expect(await tested.runCheck(lambdaConcurrency, { concurrencyLimit: 1_000 })).toMatchObject({ state: 'fine' });
  expect(await tested.runCheck(lambdaConcurrency, { concurrencyLimit: 1_000 }, concurrency(3_000))).toMatchObject({
    state: 'to do',
    found: 'the quota is 3,000 concurrent executions, and concurrencyLimit is 1,000',
  });
});

it('the preflight expects the budget of a stage only after the deployment', async () => {
  const none: FakeAccount = { DescribeBudgets: () => ({}) };
  expect(await tested.runCheck(budget, { monthlyBudget: 300 }, { ...none, ...undeployed })).toMatchObject({
    state: 'hint',
    found: 'the deployment creates the budget',
  });
  expect(await tested.runCheck(budget, { monthlyBudget: 300 }, none)).toMatchObject({ state: 'to do' });
});
