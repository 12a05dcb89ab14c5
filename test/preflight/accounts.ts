import type { DnsResolver } from '../../bin/preflight/dns.ts';
import type { ClientSettings } from '../../bin/preflight/questions.ts';
import { runPreflight } from '../../bin/preflight/command-line.ts';
import { exampleStages } from '../support/example-stages.ts';
import { FakeError, type FakeAccount, type FakeAws } from '../support/fake-aws.ts';

/** A DNS with records by their type and name, such as "TXT _dmarc.example.com". A record "error" makes it fail. */
export type FakeDns = Readonly<Record<string, readonly string[] | { readonly error: string }>>;

export const NOW = Date.parse('2026-11-30T09:00:00Z');
const ACCOUNT = '210987654321';
export const REGION = 'eu-central-1';
const HOST = 'console.passkeys.example';
const DOMAIN = 'passkeys.example';
const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/5f1c2d3e-0a1b-4c2d-8e3f-9a0b1c2d3e4f`;
const TABLE = 'fido2-server-service-production-data-SingleTable4F1A-1XKQ2';
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:fido2-server-service-production-operations-Alarms3C0D-7Z`;
const DISTRIBUTION = 'd2k4exampleab.cloudfront.net';
const TOKENS = ['ab12', 'cd34', 'ef56'];

/** The stages of an operator who has replaced the example values. */
export const stages: Readonly<Record<string, object>> = {
  production: {
    ...exampleStages['production'],
    origin: `https://${HOST}`,
    certificateArn: CERTIFICATE,
    sender: `no-reply@${DOMAIN}`,
    operator: `operations@${DOMAIN}`,
    contact: `sales@${DOMAIN}`,
  },
};

const STACK_OUTPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CDKToolkit: { BootstrapVersion: '30' },
  'fido2-server-service-production-data': { TableName: TABLE },
  'fido2-server-service-production-metering': {},
  'fido2-server-service-production-api': { ApiUrl: 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com/' },
  'fido2-server-service-production-console': {
    ConsoleUrl: `https://${HOST}`,
    ConsoleDnsRecord: `${HOST} CNAME ${DISTRIBUTION}`,
  },
  'fido2-server-service-production-operations': {},
};

/** The commit from which the stacks of the stage are deployed. */
const COMMIT = '7d3c90ab12ef';

/** Returns CloudFormation's answer about a stack. */
export const stackOf = (
  StackName: string,
  StackStatus: string,
  outputs: Readonly<Record<string, string>> = {},
  more: object = {},
) => ({
  Stacks: [
    {
      StackName,
      StackStatus,
      CreationTime: '2026-11-30T08:00:00Z',
      Outputs: Object.entries({ Commit: COMMIT, ...outputs }).map(([OutputKey, OutputValue]) => ({
        OutputKey,
        OutputValue,
      })),
      ...more,
    },
  ],
});
export const noStack = (name: string) => new FakeError('ValidationError', `Stack with id ${name} does not exist`);

const resourceOf = (ResourceType: string, PhysicalResourceId: string, ResourceStatus = 'CREATE_COMPLETE') => ({
  LogicalResourceId: 'Resource',
  ResourceType,
  PhysicalResourceId,
  ResourceStatus,
  LastUpdatedTimestamp: '2026-11-30T08:00:00Z',
});

/** SES's answer about the identity of the sender's domain. */
export const IDENTITY = {
  IdentityType: 'DOMAIN',
  VerifiedForSendingStatus: true,
  DkimAttributes: { SigningEnabled: true, Status: 'SUCCESS', SigningAttributesOrigin: 'AWS_SES', Tokens: TOKENS },
  MailFromAttributes: {
    MailFromDomain: `bounces.${DOMAIN}`,
    MailFromDomainStatus: 'SUCCESS',
    BehaviorOnMxFailure: 'USE_DEFAULT_VALUE',
  },
};
export const SES_ACCOUNT = {
  ProductionAccessEnabled: true,
  SendingEnabled: true,
  EnforcementStatus: 'HEALTHY',
  SendQuota: { MaxSendRate: 14, Max24HourSend: 50_000, SentLast24Hours: 310 },
};
export const CERTIFICATE_DETAILS = {
  CertificateArn: CERTIFICATE,
  DomainName: HOST,
  SubjectAlternativeNames: [HOST],
  Status: 'ISSUED',
  NotAfter: Date.parse('2027-12-01T23:59:59Z') / 1_000,
};
export const TABLE_DETAILS = { TableName: TABLE, TableStatus: 'ACTIVE', DeletionProtectionEnabled: true };
export const absent = (name: string) => new FakeError(name, 'It does not exist.', 404);

const caller = () => ({
  Account: ACCOUNT,
  Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/olga`,
  UserId: 'AROAEXAMPLE:olga',
});

/** An account in which the stage is deployed and everything is done. */
export const healthyAccount: FakeAccount = {
  GetCallerIdentity: caller,
  GetAccountSettings: () => ({ AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 1_000 } }),
  ListRequestedServiceQuotaChangeHistoryByQuota: () => ({ RequestedQuotas: [] }),
  GetAccount: () => SES_ACCOUNT,
  GetEmailIdentity: () => IDENTITY,
  GetSuppressedDestination: () => absent('NotFoundException'),
  DescribeCertificate: () => ({ Certificate: CERTIFICATE_DETAILS }),
  DescribeStacks: ({ StackName = '' }) => {
    const outputs = STACK_OUTPUTS[StackName];
    if (!outputs) return noStack(StackName);
    const isProtected = StackName.endsWith('-data');
    return stackOf(StackName, 'UPDATE_COMPLETE', outputs, { EnableTerminationProtection: isProtected });
  },
  ListStackResources: ({ StackName = '' }) => ({
    StackResourceSummaries: StackName.endsWith('-metering')
      ? [resourceOf('AWS::SES::EmailIdentity', DOMAIN), resourceOf('AWS::SNS::Topic', 'arn:aws:sns:events')]
      : [resourceOf('AWS::SNS::Topic', `${TOPIC}-old`, 'DELETE_COMPLETE'), resourceOf('AWS::SNS::Topic', TOPIC)],
  }),
  ListSubscriptionsByTopic: ({ TopicArn }) => ({
    Subscriptions:
      TopicArn === TOPIC
        ? [{ SubscriptionArn: `${TOPIC}:1`, Protocol: 'email', Endpoint: `operations@${DOMAIN}` }]
        : [],
  }),
  DescribeTable: () => ({ Table: TABLE_DETAILS }),
  DescribeBudgets: () => ({
    Budgets: [
      { BudgetName: 'monthly', BudgetLimit: { Amount: '100.0', Unit: 'USD' }, TimeUnit: 'MONTHLY', BudgetType: 'COST' },
    ],
  }),
};

/** A new account, before the first deployment. */
export const freshAccount: FakeAccount = {
  GetCallerIdentity: caller,
  GetAccountSettings: () => ({ AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 } }),
  ListRequestedServiceQuotaChangeHistoryByQuota: () => ({ RequestedQuotas: [] }),
  GetAccount: () => ({
    ...SES_ACCOUNT,
    ProductionAccessEnabled: false,
    SendQuota: { MaxSendRate: 1, Max24HourSend: 200, SentLast24Hours: 0 },
  }),
  GetEmailIdentity: () => absent('NotFoundException'),
  GetSuppressedDestination: () => absent('NotFoundException'),
  DescribeCertificate: () => absent('ResourceNotFoundException'),
  DescribeStacks: ({ StackName = '' }) => noStack(StackName),
  DescribeBudgets: () => ({}),
};

/** The DNS of the healthy account. */
export const healthyDns: FakeDns = {
  [`CNAME ${HOST}`]: [`${DISTRIBUTION}.`],
  ...Object.fromEntries(
    TOKENS.map((token) => [`CNAME ${token}._domainkey.${DOMAIN}`, [`${token}.dkim.amazonses.com`]]),
  ),
  [`MX bounces.${DOMAIN}`]: [`feedback-smtp.${REGION}.amazonses.com`],
  [`TXT bounces.${DOMAIN}`]: ['v=spf1 include:amazonses.com ~all'],
  [`TXT _dmarc.${DOMAIN}`]: ['v=DMARC1; p=quarantine;'],
};

function resolverOf(records: FakeDns): DnsResolver {
  const look = (type: string, name: string): string[] => {
    const found = records[`${type} ${name}`] ?? { error: 'ENOTFOUND' };
    if ('error' in found) throw Object.assign(new Error(`query${type} ${found.error} ${name}`), { code: found.error });
    return [...found];
  };
  const resolver = {
    resolveCname: (name: string) => Promise.resolve(look('CNAME', name)),
    resolveTxt: (name: string) => Promise.resolve(look('TXT', name).map((text) => [text.slice(0, 5), text.slice(5)])),
    resolveMx: (name: string) =>
      Promise.resolve(look('MX', name).map((exchange, index) => ({ exchange, priority: 10 * (index + 1) }))),
    resolve4: (name: string) => Promise.resolve(look('A', name)),
  };
  return {
    resolveCname: async (name: string) => resolver.resolveCname(name),
    resolveTxt: async (name: string) => resolver.resolveTxt(name),
    resolveMx: async (name: string) => resolver.resolveMx(name),
    resolve4: (async (name: string) => resolver.resolve4(name)) as DnsResolver['resolve4'],
  };
}

/** Returns the settings of clients that call a fake endpoint. */
export const clientsOf = ({ endpoint }: Pick<FakeAws, 'endpoint'>) => ({
  endpoint,
  region: REGION,
  credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
});

/** Runs the preflight in this process against a fake account and a fake DNS. */
export async function preflight(
  aws: FakeAws,
  {
    account,
    dns = healthyDns,
    settings = stages,
    args = ['--stage', 'production'],
    clients = clientsOf(aws),
  }: {
    account: FakeAccount;
    dns?: FakeDns;
    settings?: Readonly<Record<string, unknown>>;
    args?: readonly string[];
    clients?: ClientSettings;
  },
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  aws.become(account);
  let stdout = '';
  let stderr = '';
  const exitCode = await runPreflight(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stages: settings,
    clients,
    resolver: resolverOf(dns),
    now: NOW,
  });
  return { exitCode, stdout, stderr };
}
