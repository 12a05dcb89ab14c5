import { ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import { BudgetsClient, paginateDescribeBudgets } from '@aws-sdk/client-budgets';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  ListRequestedServiceQuotaChangeHistoryByQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import {
  GetAccountCommand,
  GetEmailIdentityCommand,
  GetSuppressedDestinationCommand,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { serviceNameOf } from '../../config/service-name.ts';
import { allOf } from '../aws/all-of.ts';
import { findStack, resourcesOf } from '../aws/stacks.ts';
import { timeOuts } from '../aws/time-outs.ts';
import { unanswered } from '../aws/unanswered-error.ts';
import { unlessAbsent } from '../aws/unless-absent.ts';

/** The settings that all clients share. Tests set an endpoint and credentials. */
export interface ClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The region of the certificates that CloudFront uses. */
const CLOUDFRONT_REGION = 'us-east-1';

/**
 * Creates a client for each AWS service, and a function that creates a client for the stacks of another region. The
 * clients take the credentials and the region from the SDK's default chain.
 */
function openClients(settings: ClientSettings) {
  const config = { ...settings, maxAttempts: 2, ...timeOuts(15_000) };
  return {
    sts: new STSClient(config),
    lambda: new LambdaClient(config),
    quotas: new ServiceQuotasClient(config),
    ses: new SESv2Client(config),
    acm: new ACMClient({ ...config, region: CLOUDFRONT_REGION }),
    cloudFormation: new CloudFormationClient(config),
    sns: new SNSClient(config),
    budgets: new BudgetsClient({ ...config, region: CLOUDFRONT_REGION }),
    dynamoDb: new DynamoDBClient(config),
    cloudFormationIn: (region: string) => new CloudFormationClient({ ...config, region }),
  };
}
type Clients = ReturnType<typeof openClients>;

/** A question to AWS that changes nothing. */
interface Question<Args extends readonly (string | undefined)[], Answer> {
  /** The IAM action that the question needs. Undefined for the one call that nobody can be denied. */
  readonly right?: string;
  /** The resources to which the right can be limited. @default '*' */
  readonly resources?: readonly string[];
  /** Returns the subject of the question, in the words of the operator: "no answer about <subject>". */
  readonly about: (...args: string[]) => string;
  readonly ask: (clients: Clients, ...args: Args) => Promise<Answer>;
}
const question = <Args extends readonly (string | undefined)[], Answer>(asked: Question<Args, Answer>) => asked;

const OF_ALL_STAGES = serviceNameOf('*');
const STACKS = [`arn:aws:cloudformation:*:*:stack/${OF_ALL_STAGES}/*`];

/**
 * Every question that the checks ask, by its name. The rights are those of the Service Authorization Reference of AWS.
 * A question about one thing has the answer undefined if the thing does not exist.
 */
export const questions = {
  caller: question({
    about: () => 'the owner of the credentials',
    ask: ({ sts }) => sts.send(new GetCallerIdentityCommand({})),
  }),
  lambdaLimits: question({
    right: 'lambda:GetAccountSettings',
    about: () => "the account's limits of Lambda",
    ask: ({ lambda }) => lambda.send(new GetAccountSettingsCommand({})),
  }),
  quotaRequests: question({
    right: 'servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota',
    about: (ServiceCode, QuotaCode) => `requests to raise the quota ${QuotaCode} of ${ServiceCode}`,
    ask: ({ quotas }, ServiceCode: string, QuotaCode: string) =>
      quotas.send(new ListRequestedServiceQuotaChangeHistoryByQuotaCommand({ ServiceCode, QuotaCode })),
  }),
  sesAccount: question({
    right: 'ses:GetAccount',
    about: () => "the account's settings of SES",
    ask: ({ ses }) => ses.send(new GetAccountCommand({})),
  }),
  identity: question({
    right: 'ses:GetEmailIdentity',
    about: (EmailIdentity) => `the SES identity ${EmailIdentity}`,
    ask: ({ ses }, EmailIdentity: string) =>
      unlessAbsent('NotFoundException', ses.send(new GetEmailIdentityCommand({ EmailIdentity }))),
  }),
  suppressed: question({
    right: 'ses:GetSuppressedDestination',
    about: (EmailAddress) => `${EmailAddress} on the suppression list`,
    ask: ({ ses }, EmailAddress: string) =>
      unlessAbsent('NotFoundException', ses.send(new GetSuppressedDestinationCommand({ EmailAddress }))),
  }),
  certificate: question({
    right: 'acm:DescribeCertificate',
    about: (CertificateArn) => `the certificate ${CertificateArn}`,
    ask: async ({ acm }, CertificateArn: string) => {
      const command = new DescribeCertificateCommand({ CertificateArn });
      return (await unlessAbsent('ResourceNotFoundException', acm.send(command)))?.Certificate;
    },
  }),
  stack: question({
    right: 'cloudformation:DescribeStacks',
    resources: [...STACKS, 'arn:aws:cloudformation:*:*:stack/CDKToolkit/*'],
    about: (StackName) => `the stack ${StackName}`,
    ask: async ({ cloudFormation, cloudFormationIn }, StackName: string, otherRegion?: string) => {
      const client = otherRegion === undefined ? cloudFormation : cloudFormationIn(otherRegion);
      try {
        return await findStack(client, StackName);
      } finally {
        if (client !== cloudFormation) client.destroy();
      }
    },
  }),
  stackResources: question({
    right: 'cloudformation:ListStackResources',
    resources: STACKS,
    about: (StackName) => `the resources of the stack ${StackName}`,
    ask: ({ cloudFormation }, StackName: string) => resourcesOf(cloudFormation, StackName),
  }),
  subscriptions: question({
    right: 'sns:ListSubscriptionsByTopic',
    resources: [`arn:aws:sns:*:*:${OF_ALL_STAGES}`],
    about: (TopicArn) => `the subscriptions to the topic ${TopicArn}`,
    ask: ({ sns: client }, TopicArn: string) =>
      allOf(paginateListSubscriptionsByTopic({ client }, { TopicArn }), ({ Subscriptions }) => Subscriptions),
  }),
  budgets: question({
    right: 'budgets:ViewBudget',
    about: () => "the account's budgets",
    ask: ({ budgets: client }, AccountId: string) =>
      allOf(paginateDescribeBudgets({ client }, { AccountId }), ({ Budgets }) => Budgets),
  }),
  table: question({
    right: 'dynamodb:DescribeTable',
    resources: [`arn:aws:dynamodb:*:*:table/${OF_ALL_STAGES}`],
    about: (TableName) => `the table ${TableName}`,
    ask: async ({ dynamoDb }, TableName: string) => {
      const command = new DescribeTableCommand({ TableName });
      return (await unlessAbsent('ResourceNotFoundException', dynamoDb.send(command)))?.Table;
    },
  }),
};

type Asked<Q> = Q extends { ask: (clients: Clients, ...args: infer Args) => infer Answer }
  ? (...args: Args) => Answer
  : never;
/**
 * Asks each question of `questions`. Throws `UnansweredError` if AWS does not answer, or denies the answer.
 */
export type Aws = { readonly [Name in keyof typeof questions]: Asked<(typeof questions)[Name]> };

/** Opens the clients, and returns the questions, the region, and a function that closes the clients. */
export function openAws(settings: ClientSettings) {
  const clients = openClients(settings);
  const answers = new Map<string, Promise<unknown>>();

  async function ask({ right, about, ask: send }: Question<string[], unknown>, args: string[]) {
    try {
      return await send(clients, ...args);
    } catch (error) {
      throw unanswered(error, right, about(...args));
    }
  }
  const asked = Object.entries(questions).map(([name, one]) => [
    name,
    (...args: string[]) => {
      // Without the trailing space of an argument that is left out.
      const key = [name, ...args].join(' ').trim();
      const answer = answers.get(key) ?? ask(one, args);
      answers.set(key, answer);
      return answer;
    },
  ]);
  return {
    aws: Object.fromEntries(asked) as Aws,
    /** Returns the region of the default chain. Throws `UnansweredError` if there is none. */
    region: () =>
      clients.lambda.config.region().catch((error: unknown) => {
        throw unanswered(error, undefined, 'the region');
      }),
    close() {
      for (const client of Object.values(clients)) if ('destroy' in client) client.destroy();
    },
  };
}
