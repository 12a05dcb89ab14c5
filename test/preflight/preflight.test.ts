import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Check } from '../../bin/preflight/check.ts';
import { checks } from '../../bin/preflight/checks.ts';
import { budget } from '../../bin/preflight/checks/budget.ts';
import { lambdaConcurrency } from '../../bin/preflight/checks/lambda-concurrency.ts';
import { senderIdentity } from '../../bin/preflight/checks/sender-identity.ts';
import { stackParts } from '../../bin/preflight/deployed-stacks.ts';
import { openDns } from '../../bin/preflight/dns.ts';
import { preflightPolicy } from '../../bin/preflight/policy.ts';
import { openAws, questions } from '../../bin/preflight/questions.ts';
import type { Result } from '../../bin/preflight/run-checks.ts';
import { readStage } from '../../config/stage.ts';
import { stages as ownStages } from '../../config/stages.ts';
import {
  FakeError,
  NO_ANSWER,
  startFakeAws,
  type FakeAccount,
  type FakeAnswer,
  type FakeAws,
} from '../support/fake-aws.ts';
import {
  CERTIFICATE_DETAILS,
  freshAccount,
  healthyAccount,
  healthyDns,
  IDENTITY,
  noStack,
  NOW,
  preflight,
  REGION,
  SES_ACCOUNT,
  stackOf,
  stages,
  TABLE_DETAILS,
  absent,
  clientsOf,
  type FakeDns,
} from './accounts.ts';

const PREFIX = 'fido2-server-service-production';
const DAY = 24 * 60 * 60;

/** How an account, its DNS and the settings of the stage differ from the healthy ones. */
interface Deviation {
  readonly account?: FakeAccount;
  readonly dns?: FakeDns;
  readonly settings?: object;
  /** Whether the stage is not deployed yet. */
  readonly isFresh?: boolean;
}

const withCopies = { copies: { region: 'eu-west-1', lockDays: 3_650 } };
/** Returns an account whose answer about a stack in another region than that of the stage is `answer`. */
const elsewhere = (name: string, answer: FakeAnswer): FakeAccount => ({
  DescribeStacks: (input) =>
    input['StackName'] === name && input['region'] !== REGION
      ? answer
      : (healthyAccount['DescribeStacks']?.(input) ?? noStack('')),
});

let aws: FakeAws;
beforeAll(async () => {
  aws = await startFakeAws();
});
afterAll(() => aws.stop());

/** Runs the preflight and returns the results by the names of the checks. */
async function run({ account = {}, dns = {}, settings = {}, isFresh = false }: Deviation) {
  const deployed = isFresh ? { ...healthyAccount, ...undeployed } : healthyAccount;
  const { exitCode, stdout } = await preflight(aws, {
    account: { ...deployed, ...account },
    dns: { ...healthyDns, ...dns },
    settings: { production: { ...stages['production'], ...settings } },
    args: ['--stage', 'production', '--json'],
  });
  const results = JSON.parse(stdout) as Result[];
  return { exitCode, results: Object.fromEntries(results.map((result) => [result.check, result])) };
}
/** The answers about stacks of an account that is bootstrapped, but in which the stage is not deployed. */
const undeployed: FakeAccount = {
  DescribeStacks: ({ StackName = '' }) =>
    StackName === 'CDKToolkit' ? stackOf(StackName, 'CREATE_COMPLETE', { BootstrapVersion: '30' }) : noStack(StackName),
};
/** Returns the answers about stacks of the healthy account, with another answer about one of them. */
const withStack = (name: string, state: string, outputs: object = {}, more: object = {}): FakeAccount => ({
  DescribeStacks: (input) =>
    input['StackName'] === name
      ? stackOf(name, state, outputs, more)
      : (healthyAccount['DescribeStacks']?.(input) ?? noStack(name)),
});
const ses = (more: object): FakeAccount => ({ GetAccount: () => ({ ...SES_ACCOUNT, ...more }) });
const quota = (MaxSendRate: number, Max24HourSend: number, SentLast24Hours = 0) =>
  ses({ SendQuota: { MaxSendRate, Max24HourSend, SentLast24Hours } });
const identity = (more: object): FakeAccount => ({ GetEmailIdentity: () => ({ ...IDENTITY, ...more }) });
const dkim = (more: object) => identity({ DkimAttributes: { ...IDENTITY.DkimAttributes, ...more } });
const mailFrom = (more: object) => identity({ MailFromAttributes: { ...IDENTITY.MailFromAttributes, ...more } });
const noIdentity: FakeAccount = { GetEmailIdentity: () => absent('NotFoundException') };
const certificate = (more: object): FakeAccount => ({
  DescribeCertificate: () => ({ Certificate: { ...CERTIFICATE_DETAILS, ...more } }),
});
const concurrency = (ConcurrentExecutions: number, UnreservedConcurrentExecutions = ConcurrentExecutions) => ({
  GetAccountSettings: () => ({ AccountLimit: { ConcurrentExecutions, UnreservedConcurrentExecutions } }),
});
const requested = (Status: string): FakeAccount => ({
  ListRequestedServiceQuotaChangeHistoryByQuota: () => ({
    RequestedQuotas: [{ Status, DesiredValue: 1_000, CaseId: '177' }],
  }),
});
const record = (Name: string, ValidationStatus?: string) => ({
  DomainName: Name,
  ValidationStatus,
  ResourceRecord: { Name: `_a.${Name}`, Type: 'CNAME', Value: '_b.acm-validations.aws.' },
});
const subscription = (SubscriptionArn: string, Endpoint = 'operations@passkeys.example'): FakeAccount => ({
  ListSubscriptionsByTopic: () => ({ Subscriptions: [{ SubscriptionArn, Endpoint, Protocol: 'email' }] }),
});
const consoleStack = (outputs: object) => withStack(`${PREFIX}-console`, 'CREATE_COMPLETE', outputs);

type Case = readonly [check: string, when: string, deviation: Deviation, state: Result['state'], text: string];
const cases: readonly Case[] = [
  [
    'settings',
    'with example values',
    { settings: ownStages['production'] ?? {} },
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
    'AWS accepts no credentials of yours (ExpiredToken) → Set or renew',
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
    'SES sandbox',
    'of a stage with customers',
    { account: ses({ ProductionAccessEnabled: false }) },
    'to do',
    'sends only to verified addresses → In the SES console of eu-central-1',
  ],
  [
    'SES sandbox',
    'of a stage without customers',
    { account: ses({ ProductionAccessEnabled: false }), settings: { retained: false } },
    'hint',
    'sends only to verified addresses',
  ],
  [
    'SES sandbox',
    'after a request',
    {
      account: ses({
        ProductionAccessEnabled: false,
        Details: { ReviewDetails: { Status: 'PENDING', CaseId: '178' } },
      }),
    },
    'to do',
    'Wait: AWS has not decided about the production access, case 178.',
  ],
  [
    'SES sandbox',
    'after a denial',
    {
      account: ses({ ProductionAccessEnabled: false, Details: { ReviewDetails: { Status: 'DENIED', CaseId: '178' } } }),
    },
    'to do',
    'AWS denied production access, case 178 → Answer the case',
  ],
  [
    'SES sending',
    'that is paused',
    { account: ses({ SendingEnabled: false }) },
    'to do',
    'sending is paused in this region → aws sesv2 put-account-sending-attributes',
  ],
  [
    'SES sending',
    'that AWS paused',
    { account: ses({ EnforcementStatus: 'SHUTDOWN', SendingEnabled: false }) },
    'to do',
    'AWS has paused the account (SHUTDOWN) → Answer the e-mail of AWS',
  ],
  [
    'SES sending',
    'that AWS reviews',
    { account: ses({ EnforcementStatus: 'PROBATION' }) },
    'to do',
    'AWS has the account under review (PROBATION)',
  ],
  [
    'SES rate',
    'below the setting',
    { account: quota(1, 200) },
    'to do',
    'SES accepts 1 per second, and emailsPerSecond is 14 → Set emailsPerSecond to 1',
  ],
  ['SES rate', 'far above the setting', { account: quota(80, -1) }, 'hint', 'You may raise emailsPerSecond.'],
  ['SES rate', 'without a daily limit', { account: quota(14, -1) }, 'fine', 'without a limit per day'],
  [
    'SES rate',
    'whose daily quota is nearly used',
    { account: quota(14, 1_000, 800) },
    'to do',
    '800 of 1,000 in 24 hours are sent → Request a higher sending quota',
  ],
  [
    'sender identity',
    'before the first deployment',
    { isFresh: true, account: noIdentity },
    'fine',
    'the deployment creates the identity passkeys.example',
  ],
  [
    'sender identity',
    'that exists before the first deployment',
    { isFresh: true },
    'to do',
    'exists already, so the deployment cannot create it → Set senderIdentity',
  ],
  [
    'sender identity',
    'of another stage',
    { account: { ListStackResources: () => ({ StackResourceSummaries: [] }) } },
    'to do',
    'exists already, so the deployment cannot create it',
  ],
  [
    'sender identity',
    'that was deleted',
    { account: noIdentity },
    'to do',
    'of this stage was deleted → aws sesv2 create-email-identity',
  ],
  [
    'sender identity',
    'that SES has not verified',
    { account: identity({ VerifiedForSendingStatus: false }) },
    'to do',
    'SES has not verified passkeys.example, and sends nothing → Add the DNS records',
  ],
  [
    'DKIM',
    'without records',
    { dns: { 'CNAME ab12._domainkey.passkeys.example': [], 'CNAME cd34._domainkey.passkeys.example': ['elsewhere.'] } },

    'to do',
    '2 of 3 DKIM records are missing in the DNS of passkeys.example → Add: ab12._domainkey.passkeys.example CNAME ab12.dkim.amazonses.com; cd34._domainkey.passkeys.example CNAME cd34.dkim.amazonses.com',
  ],
  [
    'DKIM',
    'with a zone of the region',
    { account: dkim({ SigningHostedZone: 'z9.dkim.amazonses.com' }) },
    'to do',
    'ab12._domainkey.passkeys.example CNAME ab12.z9.dkim.amazonses.com',
  ],
  [
    'DKIM',
    'that SES has not seen yet',
    { account: dkim({ Status: 'PENDING' }) },
    'to do',
    'SES says PENDING about the DKIM records of passkeys.example → Wait',
  ],
  [
    'DKIM',
    'that SES does not look for any more',
    { account: dkim({ Status: 'FAILED' }) },
    'to do',
    'SES says FAILED about the DKIM records of passkeys.example → In the SES console',
  ],
  [
    'DKIM',
    'with keys of the operator',
    { account: dkim({ SigningAttributesOrigin: 'EXTERNAL', Tokens: ['selector'] }) },
    'fine',
    'SES signs the e-mails of passkeys.example',
  ],
  ['DKIM', 'before the first deployment', { isFresh: true, account: noIdentity }, 'hint', 'no identity'],
  [
    'DKIM',
    'when the name servers fail',
    { dns: { 'CNAME ab12._domainkey.passkeys.example': { error: 'ESERVFAIL' } } },

    'not checked',
    'the name servers did not answer about ab12._domainkey.passkeys.example (ESERVFAIL) → Check the network',
  ],
  ['MAIL FROM', 'before the first deployment', { isFresh: true, account: noIdentity }, 'hint', 'no identity'],
  [
    'MAIL FROM',
    'of SES',
    { account: identity({ MailFromAttributes: undefined }) },
    'hint',
    'DMARC relies on DKIM alone → To use your own: aws sesv2',
  ],
  [
    'MAIL FROM',
    'without records',
    { dns: { 'MX bounces.passkeys.example': [], 'TXT bounces.passkeys.example': ['v=spf1 -all'] } },

    'to do',
    '2 of 2 records of bounces.passkeys.example are missing in the DNS → Add: bounces.passkeys.example MX 10 feedback-smtp.eu-central-1.amazonses.com; bounces.passkeys.example TXT "v=spf1 include:amazonses.com ~all"',
  ],
  [
    'MAIL FROM',
    'with a second mail server',
    { dns: { 'MX bounces.passkeys.example': ['feedback-smtp.eu-central-1.amazonses.com', 'mx.example.'] } },
    'to do',
    'bounces.passkeys.example has 2 MX records → Keep only',
  ],
  [
    'MAIL FROM',
    'that SES has not seen yet',
    { account: mailFrom({ MailFromDomainStatus: 'PENDING' }) },
    'hint',
    'SES has not found the records of bounces.passkeys.example yet → Wait',
  ],
  [
    'MAIL FROM',
    'that SES does not look for',
    { account: mailFrom({ MailFromDomainStatus: 'FAILED' }) },
    'to do',
    'SES has stopped to look for the records of bounces.passkeys.example → aws sesv2',
  ],
  [
    'DMARC',
    'without a record',
    { dns: { 'TXT _dmarc.passkeys.example': ['a remark'] } },
    'hint',
    'Add: _dmarc.passkeys.example TXT "v=DMARC1; p=none;"',
  ],
  [
    'DMARC',
    'with two records',
    { dns: { 'TXT _dmarc.passkeys.example': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] } },
    'to do',
    '_dmarc.passkeys.example has 2 DMARC records → Keep one of them.',
  ],
  [
    'DMARC',
    'of the organizational domain',
    { settings: { sender: 'no-reply@mail.passkeys.example' } },
    'fine',
    '_dmarc.passkeys.example: v=DMARC1; p=quarantine;',
  ],
  [
    'suppression list',
    'with an address of the operator',
    {
      account: {
        GetSuppressedDestination: ({ name }) =>
          name === 'sales@passkeys.example'
            ? { SuppressedDestination: { EmailAddress: name, Reason: 'BOUNCE', LastUpdateTime: 1 } }
            : absent('NotFoundException'),
      },
    },

    'to do',
    'SES delivers nothing to sales@passkeys.example → aws sesv2 delete-suppressed-destination --region eu-central-1 --email-address sales@passkeys.example',
  ],
  ['certificate', 'that the stage has not', { settings: { certificateArn: undefined } }, 'hint', 'no certificateArn'],
  [
    'certificate',
    'of another account',
    { settings: { certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/a' } },
    'to do',
    'outside of account 210987654321 → Request another certificate in us-east-1',
  ],
  [
    'certificate',
    'that does not exist',
    { account: { DescribeCertificate: () => absent('ResourceNotFoundException') } },
    'to do',
    'ACM in us-east-1 has no such certificate',
  ],
  [
    'certificate',
    'that is not validated',
    {
      account: certificate({
        Status: 'PENDING_VALIDATION',
        NotAfter: undefined,
        DomainValidationOptions: [record('console.passkeys.example'), record('other.example', 'SUCCESS')],
      }),
    },

    'to do',
    'not validated the certificate → Add: _a.console.passkeys.example CNAME _b.acm-validations.aws.',
  ],
  [
    'certificate',
    'whose record ACM has not named yet',
    { account: certificate({ Status: 'PENDING_VALIDATION' }) },
    'to do',
    'See the certificate in the ACM console of us-east-1.',
  ],
  [
    'certificate',
    'that was revoked',
    { account: certificate({ Status: 'REVOKED' }) },
    'to do',
    'the certificate is in the state REVOKED → Request another',
  ],
  [
    'certificate',
    'of another host',
    { account: certificate({ DomainName: 'passkeys.example', SubjectAlternativeNames: ['*.a.passkeys.example'] }) },

    'to do',
    'the certificate is for passkeys.example, *.a.passkeys.example, and not for console.passkeys.example',
  ],
  [
    'certificate',
    'with a wildcard',
    { account: certificate({ DomainName: '*.passkeys.example', SubjectAlternativeNames: [] }) },
    'fine',
    'issued for console.passkeys.example until 2027-12-01',
  ],
  [
    'certificate',
    'that ends soon',
    {
      account: certificate({
        NotAfter: NOW / 1_000 + 30 * DAY,
        RenewalSummary: { RenewalStatus: 'PENDING_VALIDATION', UpdatedAt: 1 },
        DomainValidationOptions: [record('console.passkeys.example')],
      }),
    },
    'to do',
    'the certificate ends on 2026-12-30, and ACM has not renewed it → Add: _a.console',
  ],
  [
    'certificate',
    'that was imported and ends soon',
    { account: certificate({ NotAfter: NOW / 1_000 + DAY }) },
    'to do',
    'the certificate ends on 2026-12-01, and ACM has not renewed it → Request another',
  ],
  [
    'certificate',
    'that lasts a day longer',
    { account: certificate({ NotAfter: NOW / 1_000 + 31 * DAY }) },
    'fine',
    'issued for',
  ],
  [
    'CDK bootstrap',
    'without the stack in the region of the copies',
    { settings: withCopies, account: elsewhere('CDKToolkit', noStack('CDKToolkit')) },
    'to do',
    'eu-west-1 has no stack CDKToolkit → npx cdk bootstrap aws://210987654321/eu-west-1',
  ],
  [
    'stacks',
    'without the bucket of copies',
    { settings: withCopies, account: elsewhere(`${PREFIX}-copies`, noStack(`${PREFIX}-copies`)) },
    'to do',
    `not deployed: ${PREFIX}-copies → npx cdk deploy`,
  ],
  [
    'stacks',
    'with the bucket of copies in another region',
    { settings: withCopies, account: elsewhere(`${PREFIX}-copies`, stackOf(`${PREFIX}-copies`, 'CREATE_COMPLETE')) },
    'fine',
    'all 6 stacks are deployed',
  ],
  ['stacks', 'before the first deployment', { isFresh: true }, 'hint', '→ npx cdk deploy --all -c stage=production'],
  [
    'stacks',
    'of which one is missing',
    {
      account: {
        DescribeStacks: (input) =>
          input['StackName'] === `${PREFIX}-console`
            ? noStack(`${PREFIX}-console`)
            : (healthyAccount['DescribeStacks']?.(input) ?? noStack('')),
      },
    },
    'to do',
    `not deployed: ${PREFIX}-console → npx cdk deploy`,
  ],
  [
    'stacks',
    'whose first deployment failed',
    { account: withStack(`${PREFIX}-metering`, 'ROLLBACK_COMPLETE') },

    'to do',
    `${PREFIX}-metering is in the state ROLLBACK_COMPLETE → The reason is in: aws cloudformation describe-stack-events --region eu-central-1 --stack-name ${PREFIX}-metering. Then run aws cloudformation delete-stack`,
  ],
  [
    'stacks',
    'whose update failed',
    { account: withStack(`${PREFIX}-api`, 'UPDATE_ROLLBACK_COMPLETE') },
    'to do',
    'Then deploy again: npx cdk deploy --all -c stage=production',
  ],
  [
    'stacks',
    'whose rollback failed',
    { account: withStack(`${PREFIX}-api`, 'UPDATE_ROLLBACK_FAILED') },
    'to do',
    'Then run aws cloudformation continue-update-rollback',
  ],
  [
    'stacks',
    'that change',
    { account: withStack(`${PREFIX}-api`, 'UPDATE_IN_PROGRESS') },
    'hint',
    'in the state UPDATE_IN_PROGRESS → Wait until the deployment ends.',
  ],
  [
    'console host',
    'before the first deployment',
    { isFresh: true, dns: { 'CNAME console.passkeys.example': [] } },
    'hint',
    '→ Only the deployment can show',
  ],
  [
    'console host',
    'of another distribution',
    { isFresh: true },

    'to do',
    'console.passkeys.example leads to another distribution, d2k4exampleab.cloudfront.net → Remove console.passkeys.example',
  ],
  [
    'console host',
    'that CloudFront assigns',
    { isFresh: true, settings: { certificateArn: undefined } },
    'hint',
    'CloudFront assigns a host name in the first deployment',
  ],
  [
    'console host',
    'without a record',
    { dns: { 'CNAME console.passkeys.example': [] } },

    'to do',
    'console.passkeys.example has no DNS record → Add: console.passkeys.example CNAME d2k4exampleab.cloudfront.net',
  ],
  [
    'console host',
    'that leads elsewhere',
    { dns: { 'CNAME console.passkeys.example': ['old.example.'] } },
    'to do',
    'leads to old.example, and not to the distribution → Replace the record by: console.',
  ],
  [
    'console host',
    'at the apex of a zone',
    {
      dns: {
        'CNAME console.passkeys.example': [],
        'A console.passkeys.example': ['192.0.2.7'],
        'A d2k4exampleab.cloudfront.net': ['192.0.2.6', '192.0.2.7'],
      },
    },
    'fine',
    'console.passkeys.example has the addresses of d2k4exampleab.cloudfront.net',
  ],
  [
    'console host',
    'at the apex of a zone that leads elsewhere',
    {
      dns: {
        'CNAME console.passkeys.example': [],
        'A console.passkeys.example': ['192.0.2.9'],
        'A d2k4exampleab.cloudfront.net': ['192.0.2.6'],
      },
    },
    'to do',
    'console.passkeys.example leads to 192.0.2.9, and not to the distribution',
  ],
  [
    'console host',
    'under cloudfront.net',
    {
      account: consoleStack({ ConsoleUrl: 'https://d2k4exampleab.cloudfront.net' }),
      settings: { certificateArn: undefined, origin: 'https://d2k4exampleab.cloudfront.net' },
    },
    'fine',
    'the origin is the URL of the distribution',
  ],
  [
    'console host',
    'under cloudfront.net before the second deployment',
    {
      account: consoleStack({ ConsoleUrl: 'https://d2k4exampleab.cloudfront.net' }),
      settings: { certificateArn: undefined },
    },
    'to do',
    'the console is at https://d2k4exampleab.cloudfront.net → Set origin to this URL',
  ],
  ['table', 'before the first deployment', { isFresh: true }, 'hint', 'the deployment creates the table'],
  ['table', 'of a stage without customers', { settings: { retained: false } }, 'hint', 'the stage is not retained'],
  [
    'table',
    'that is not protected',
    { account: { DescribeTable: () => ({ Table: { ...TABLE_DETAILS, DeletionProtectionEnabled: false } }) } },
    'to do',
    'is not protected against deletion → aws dynamodb update-table',
  ],
  [
    'table',
    'whose stack is not protected',
    { account: withStack(`${PREFIX}-data`, 'UPDATE_COMPLETE', { TableName: 'table' }) },
    'to do',
    `the stack ${PREFIX}-data is not protected against deletion → aws cloudformation update`,
  ],
  [
    'table',
    'that was deleted',
    { account: { DescribeTable: () => absent('ResourceNotFoundException') } },
    'to do',
    'there is no table',
  ],
  ['alarm subscription', 'before the first deployment', { isFresh: true }, 'hint', 'the deployment subscribes'],
  [
    'alarm subscription',
    'that is not confirmed',
    { account: subscription('PendingConfirmation') },

    'to do',
    'operations@passkeys.example has not confirmed the subscription to the alarms → Open the link',
  ],
  [
    'alarm subscription',
    'of somebody else',
    { account: subscription('arn:1', 'old@passkeys.example') },

    'to do',
    'operations@passkeys.example is not subscribed to the alarms → aws sns subscribe --topic-arn',
  ],
  [
    'budget',
    'that is missing',
    { account: { DescribeBudgets: () => ({}) } },
    'to do',
    'the account has no budget, so nobody is told about high costs → In the console Billing',
  ],
  [
    'budget',
    'that is missing for a stage without customers',
    { account: { DescribeBudgets: () => ({ Budgets: [] }) }, settings: { retained: false } },
    'hint',
    'the account has no budget',
  ],
];

describe('the preflight', () => {
  it.each(cases)('%s %s', async (check, _, deviation, state, text) => {
    const { exitCode, results } = await run(deviation);
    const result = results[check];

    expect(result?.state).toBe(state);
    expect(`${result?.found ?? ''} → ${result?.next ?? ''}`).toContain(text);
    const states = Object.values(results).map((one) => one.state);
    expect(exitCode).toBe(states.some((one) => one === 'to do' || one === 'not checked') ? 1 : 0);
  });

  describe('with settings that decide what the deployment creates', () => {
    /** Returns the result of one check for a stage with more settings. */
    async function result(check: Check, settings: object, account: FakeAccount = {}) {
      aws.become({ ...healthyAccount, ...account });
      const opened = openAws(clientsOf(aws));
      const stage = { ...readStage(stages, 'production'), ...settings };
      const context = { stage, aws: opened.aws, dns: openDns(new Resolver()), region: 'eu-central-1', now: NOW };
      return check.run(context);
    }
    const existing = { senderIdentity: 'existing' };
    const ofNobody: FakeAccount = { ListStackResources: () => ({ StackResourceSummaries: [] }) };

    it.each<[string, FakeAccount, Result['state'], string]>([
      ['that exists', {}, 'fine', 'SES sends e-mails from passkeys.example'],
      ['that does not exist', noIdentity, 'to do', 'aws sesv2 create-email-identity'],
      ['that is not verified', identity({ VerifiedForSendingStatus: false }), 'to do', 'has not verified'],
      ['that the stack would delete', healthyAccount, 'to do', 'a deployment would delete it'],
    ])('judges an identity %s', async (_, account, state, text) => {
      const found = await result(senderIdentity, existing, { ...ofNobody, ...account });
      expect(found.state).toBe(state);
      expect(`${found.found} → ${found.next ?? ''}`).toContain(text);
    });

    it('compares the quota with the one of the alarm, and expects the budget only after the deployment', async () => {
      expect(await result(lambdaConcurrency, { concurrencyLimit: 1_000 })).toMatchObject({ state: 'fine' });
      expect(await result(lambdaConcurrency, { concurrencyLimit: 1_000 }, concurrency(3_000))).toMatchObject({
        state: 'to do',
        found: 'the quota is 3,000 concurrent executions, and concurrencyLimit is 1,000',
      });
      const none: FakeAccount = { DescribeBudgets: () => ({}) };
      expect(await result(budget, { monthlyBudget: 300 }, { ...none, ...undeployed })).toMatchObject({
        state: 'hint',
        found: 'the deployment creates the budget',
      });
      expect(await result(budget, { monthlyBudget: 300 }, none)).toMatchObject({ state: 'to do' });
    });
  });

  it('finds each check to be fine in a healthy account, and has a case in which each check is not', async () => {
    const { exitCode, results } = await run({});

    expect(Object.values(results).filter(({ state }) => state !== 'fine')).toEqual([]);
    expect(exitCode).toBe(0);
    const others = new Set(cases.filter(([, , , state]) => state !== 'fine').map(([check]) => check));
    expect([...others].sort()).toEqual(checks.map(({ name }) => name).sort());
  });

  it('reads only', async () => {
    await run({ account: concurrency(10) });

    expect(aws.called.filter((operation) => !/^(Get|Describe|List)/.test(operation))).toEqual([]);
    expect(new Set(aws.called).size).toBe(Object.keys(questions).length);
  });

  it('asks each question once', async () => {
    await run({});
    expect(aws.called.filter((operation) => operation === 'GetEmailIdentity')).toHaveLength(1);
    expect(aws.called.filter((operation) => operation === 'DescribeStacks')).toHaveLength(6);
  });

  it.each(Object.values(questions).flatMap((one: { right?: string }) => one.right ?? []))(
    'says which right is missing, and goes on, if the account denies %s',
    async (right) => {
      const operation = right === 'budgets:ViewBudget' ? 'DescribeBudgets' : (right.split(':')[1] ?? '');
      for (const name of ['AccessDeniedException', 'AccessDenied', 'AuthorizationError']) {
        const { exitCode, results } = await run({
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
      const { exitCode, results } = await run({ account: { [operation]: () => NO_ANSWER } });
      const unchecked = Object.values(results).filter(({ state }) => state === 'not checked');

      expect(unchecked.length).toBeGreaterThan(0);
      for (const { found, next } of unchecked) {
        expect(found).toMatch(/^no answer about \S+ \(ECONNRESET\)$/);
        expect(next).toContain('Check the network');
      }
      expect(exitCode).toBe(1);
    },
  );

  it('says in every line that the credentials are wrong, if AWS accepts them nowhere', async () => {
    const wrong = Object.fromEntries(
      Object.keys(healthyAccount).map((name) => [name, () => new FakeError('UnrecognizedClientException', '', 403)]),
    );
    const { results } = await run({ account: wrong });

    expect(results['credentials']?.state).toBe('to do');
    expect(results['budget']).toMatchObject({
      state: 'not checked',
      found: expect.stringContaining('credentials') as unknown,
    });
    expect(results['settings']?.state).toBe('fine');
  });

  it('refuses an unknown stage, and a command line without one', async () => {
    const unknown = await preflight(aws, { account: healthyAccount, args: ['--stage', 'staging'] });
    expect([unknown.exitCode, unknown.stdout]).toEqual([1, '']);
    expect(unknown.stderr).toContain('There is no stage "staging" in config/stages.ts.');

    const none = await preflight(aws, { account: healthyAccount, args: [] });
    expect([none.exitCode, none.stdout]).toEqual([1, '']);
    expect(none.stderr).toContain('Name the stage with --stage <name>.');
    expect(aws.called).toEqual([]);
  });

  it('says of every check that there is no region, if none is set', async () => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
    const { endpoint, credentials } = clientsOf(aws);
    const { exitCode, stdout } = await preflight(aws, {
      account: healthyAccount,
      args: ['--stage', 'production', '--json'],
      clients: { endpoint, credentials },
    });
    const withoutAnswer = (JSON.parse(stdout) as Result[]).filter(({ state }) => state === 'not checked');
    expect(exitCode).toBe(1);
    expect(withoutAnswer.length).toBeGreaterThan(5);
    expect(new Set(withoutAnswer.map(({ found }) => found))).toEqual(new Set(['no region is set']));
  });

  it('knows all stacks of the stage', () => {
    const app = readFileSync('bin/app.ts', 'utf8');
    const parts = [...app.matchAll(/Stack\(app, id\('(\w+)'\)/g)].map(([, part]) => part);
    expect(parts).toEqual([...stackParts]);
  });
});

describe('the policy of the preflight', () => {
  it('allows reading only, and limits the rights that can be limited to the service', () => {
    const { Statement } = preflightPolicy();
    const actions = Statement.flatMap(({ Action }) => Action);

    expect(actions.filter((action) => !/^[a-z]+:(Get|Describe|List|View)/.test(action ?? ''))).toEqual([]);
    expect(actions).toHaveLength(Object.keys(questions).length - 1);
    expect(Statement.find(({ Action }) => Action.includes('dynamodb:DescribeTable'))?.Resource).toEqual([
      'arn:aws:dynamodb:*:*:table/fido2-server-service-*',
    ]);
  });

  it('is printed by --policy', async () => {
    const { exitCode, stdout } = await preflight(aws, { account: freshAccount, args: ['--policy'] });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(preflightPolicy());
  });
});
