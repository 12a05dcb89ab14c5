import { expect, it } from 'vitest';
import { decide } from './decide.ts';
import { resourcePoliciesIn } from './resource-policies.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:dead-letters';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:events';
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:record-mail-event';
const document = (Resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource, Principal: { Service: 'sns.amazonaws.com' } }],
});
const permission = (properties: object) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: FUNCTION,
    Principal: 'sns.amazonaws.com',
    ...properties,
  },
});

it('the policies of queues, topics, buckets and secrets belong to the resources that they name', () => {
  const policies = resourcePoliciesIn({
    Resources: {
      Queues: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: ['url-1', 'url-2'], PolicyDocument: document(QUEUE) },
      },
      Topics: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [TOPIC], PolicyDocument: document(TOPIC) } },
      Files: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'files', PolicyDocument: document('*') } },
      Secret: {
        Type: 'AWS::SecretsManager::ResourcePolicy',
        Properties: { SecretId: 'secret', ResourcePolicy: document('*') },
      },
      Cache: { Type: 'AWS::CloudFront::CachePolicy', Properties: {} },
    },
  });

  expect([...policies.keys()]).toEqual(['url-1', 'url-2', TOPIC, 'files', 'secret']);
  expect(policies.get('url-2')).toMatchObject([{ name: 'Queues, statement 1', resources: [QUEUE] }]);
});

it('the permissions of a function allow a service to invoke it for a resource or an account', () => {
  const policies = resourcePoliciesIn({
    Resources: {
      Topic: permission({ SourceArn: TOPIC }),
      Api: permission({
        Principal: 'apigateway.amazonaws.com',
        SourceArn: 'arn:aws:execute-api:us-east-1:123456789012:api/*/*/v1/rps',
      }),
      Logs: permission({ Principal: 'logs.amazonaws.com', SourceAccount: '123456789012' }),
    },
  });
  const allowed = (service: string, context: Record<string, string>) =>
    decide(policies.get(FUNCTION) ?? [], {
      action: 'lambda:InvokeFunction',
      resource: FUNCTION,
      context,
      principal: { service },
    }).allowed;

  expect(allowed('sns.amazonaws.com', { 'aws:SourceArn': TOPIC })).toBe(true);
  expect(allowed('sns.amazonaws.com', { 'aws:SourceArn': `${TOPIC}-2` })).toBe(false);
  expect(allowed('sns.amazonaws.com', {})).toBe(false);
  const called = 'arn:aws:execute-api:us-east-1:123456789012:api/$default/GET/v1/rps';
  expect(allowed('apigateway.amazonaws.com', { 'aws:SourceArn': called })).toBe(true);
  expect(allowed('apigateway.amazonaws.com', { 'aws:SourceArn': `${called}/1` })).toBe(false);
  expect(allowed('logs.amazonaws.com', { 'aws:SourceAccount': '123456789012' })).toBe(true);
  expect(allowed('logs.amazonaws.com', { 'aws:SourceAccount': '210987654321' })).toBe(false);
});

it.each([
  ['a permission with another property', permission({ EventSourceToken: 'token' })],
  ['a permission for a function that is not named by its ARN', permission({ FunctionName: 'record-mail-event' })],
  [
    'an unresolved reference',
    { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Files' }, PolicyDocument: document('*') } },
  ],
  ['another type of policy', { Type: 'AWS::KMS::KeyPolicy' }],
])('%s is refused', (_, resource) => {
  expect(() => resourcePoliciesIn({ Resources: { resource } })).toThrow();
});
