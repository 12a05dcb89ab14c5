import { describe, expect, it } from 'vitest';
import type { Edit } from './cloud/templates.ts';
import { change, changeMapping, changeRight, withoutVariable } from './edits.ts';
import { deployJourney, takeJourney } from './journey.ts';

const otherFilter = (from: string, to: string) => (properties: Record<string, unknown>) => {
  properties['FilterCriteria'] = JSON.parse(JSON.stringify(properties['FilterCriteria']).replace(from, to));
};
const disabled = (properties: Record<string, unknown>) => {
  properties['Enabled'] = false;
};

/** Each edit of the templates, and what must be in the error of the journey. */
const harmful: readonly (readonly [name: string, edit: Edit, error: RegExp])[] = [
  [
    'a right to an action is missing',
    changeRight('anonymousRole', 'dynamodb:PutItem', () => []),
    /POST \/v1\/customers answered 500[^]*anonymous\w+ calls dynamodb:PutItem on \S*SingleTable/,
  ],
  [
    'a right to partition keys is missing',
    changeRight('anonymousRole', 'dynamodb:PutItem', (statement) => {
      const keys = statement.Condition?.['ForAllValues:StringLike'] ?? {};
      keys['dynamodb:LeadingKeys'] = [keys['dynamodb:LeadingKeys'] ?? []].flat().filter((key) => key !== 'MAIL#*');
      return [statement];
    }),
    /POST \/v1\/customers answered 500[^]*dynamodb:PutItem[^]*LeadingKeys MAIL#/,
  ],
  [
    'the right to send to a queue is missing',
    changeRight('Mailsforwardmails', 'sqs:SendMessage', () => []),
    /Mailsforwardmails\w+ calls sqs:SendMessage on \S*Links/,
  ],
  [
    'the right to the secret of the stage is missing',
    changeRight('ceremoniesRole', 'secretsmanager:GetSecretValue', () => []),
    /registrations\/options answered 503[^]*ceremonies\w+ calls secretsmanager:GetSecretValue/,
  ],
  [
    'the sender may use another address only',
    changeRight('Mailssendmail', 'ses:SendEmail', (statement) => [
      { ...statement, Condition: { StringEquals: { 'ses:FromAddress': 'other@example.com' } } },
    ]),
    /Mailssendmail\w+ calls ses:SendEmail on \S*identity\/example\.com[^]*ses:FromAddress no-reply@example\.com/,
  ],
  [
    'an environment variable is missing',
    withoutVariable('operationsFunction', 'TABLE_NAME'),
    /POST \/v1\/rp\/operations answered 500[^]*The environment variable TABLE_NAME is not set/,
  ],
  [
    'the handler has another name',
    change('AWS::Lambda::Function', 'usersFunction', ({ Properties }) => {
      Properties['Handler'] = 'index.other';
    }),
    /POST \/v1\/rp\/users answered 500[^]*index\.other is undefined or not exported/,
  ],
  [
    'the filter of the aggregator passes other records',
    changeMapping('aggregateactiveusers', otherFilter('ACTIVE#', 'INACTIVE#')),
    /The MAU of this month are 0 instead of 1/,
  ],
  [
    'the filter of the e-mails passes other records',
    changeMapping('Mailsforwardmails', otherFilter('MAIL#', 'LETTER#')),
    /There is no link to alice@example\.com/,
  ],
  ['the mapping of the aggregator is disabled', changeMapping('aggregateactiveusers', disabled), /are 0 instead of 1/],
  [
    'the mapping of the queue of links is disabled',
    changeMapping('MailssendmailFunctionSqsEventSourcefido2serverserviceproductionmeteringMailsLinks', disabled),
    /There is no link to alice@example\.com/,
  ],
  [
    'API Gateway may not invoke a function',
    change('AWS::Lambda::Permission', 'anonymousFunctionApiInvokes', ({ remove }) => {
      remove();
    }),
    /POST \/v1\/customers answered 500[^]*apigateway\.amazonaws\.com may not invoke the function/,
  ],
  [
    'API Gateway may invoke a function for another API only',
    change('AWS::Lambda::Permission', 'consoleFunctionApiInvokes', ({ Properties }) => {
      Properties['SourceArn'] = 'arn:aws:execute-api:us-east-1:123456789012:other/*/*';
    }),
    /POST \/v1\/rps answered 500[^]*apigateway\.amazonaws\.com may not invoke the function/,
  ],
  [
    'a route is missing',
    change('AWS::ApiGatewayV2::Route', 'HttpApiregisterrp', ({ remove }) => {
      remove();
    }),
    /POST \/v1\/rps answered 404/,
  ],
];

describe('the journey fails with a clear error if', () => {
  it.each(harmful)('%s', async (_, edit, error) => {
    const journey = await deployJourney({ edits: [edit] });
    try {
      await expect(takeJourney(journey)).rejects.toThrow(error);
    } finally {
      await journey.stop();
    }
  });
});

/** Each edit with which the deployment itself must fail, and the error. */
const undeployable: readonly (readonly [name: string, edit: Edit, error: RegExp])[] = [
  [
    'the check of the time zone fails',
    withoutVariable('fixtimezone', 'TIME_ZONE'),
    /The deployment fails at fixtimezoneTrigger\w+: The environment variable TIME_ZONE is not set/,
  ],
  [
    'a function may not read its stream',
    changeRight('aggregateactiveusers', 'dynamodb:GetRecords', () => []),
    /The deployment fails at aggregateactiveusers\w+: the role of the function cannot read/,
  ],
  [
    'a function may not read its queue',
    changeRight('Mailssendmail', 'sqs:ReceiveMessage', () => []),
    /The deployment fails at Mailssendmail\w+: the role of the function cannot read/,
  ],
  [
    'a throttle is for a route that does not exist',
    change('AWS::ApiGatewayV2::Stage', 'HttpApiStage', ({ Properties }) => {
      (Properties['RouteSettings'] as Record<string, unknown>)['GET /v1/nothing'] = {};
    }),
    /there is no route GET \/v1\/nothing/,
  ],
  [
    'a function needs another version of Node.js',
    change('AWS::Lambda::Function', 'usersFunction', ({ Properties }) => {
      Properties['Runtime'] = 'nodejs22.x';
    }),
    /needs the runtime nodejs22\.x/,
  ],
  [
    'a function has more environment variables than Lambda accepts',
    change('AWS::Lambda::Function', 'usersFunction', ({ Properties }) => {
      (Properties['Environment'] as { Variables: Record<string, string> }).Variables['EXTRA'] = '漢'.repeat(1_400);
    }),
    /Lambda refuses the \d+ bytes of environment variables/,
  ],
  [
    'the function of a trigger may not invoke the check',
    change('AWS::IAM::Role', 'AWSCDKTriggerCustomResourceProvider', ({ Properties }) => {
      Properties['Policies'] = [];
    }),
    /The deployment fails at fixtimezoneTrigger\w+: [^]*lambda:InvokeFunction/,
  ],
  [
    'a role has a boundary, which the tests do not know',
    change('AWS::IAM::Role', 'usersRole', ({ Properties }) => {
      Properties['PermissionsBoundary'] = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    }),
    /permissions boundary/,
  ],
];

describe('the deployment fails if', () => {
  it.each(undeployable)('%s', async (_, edit, error) => {
    await expect(deployJourney({ edits: [edit] }).then((journey) => journey.stop())).rejects.toThrow(error);
  });
});
