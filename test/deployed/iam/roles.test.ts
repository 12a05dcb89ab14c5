import { expect, it } from 'vitest';
import { decide } from './decide.ts';
import { rolesIn, type RoleSources } from './roles.ts';

const RESOURCE = 'arn:aws:sqs:us-east-1:123456789012:mails';
const document = (Action: string, Resource = RESOURCE) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});
const trust = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
};
const role = (properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trust, ...properties },
});
const attached = (properties: object) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyName: 'attached', PolicyDocument: document('sqs:SendMessage'), ...properties },
});
const read = (Resources: Parameters<typeof rolesIn>[0]['Resources'], sources?: RoleSources) =>
  rolesIn({ Resources }, sources);

it('a role has the statements of its own policies, of the policies attached to it, and of its managed policies', () => {
  const roles = read({
    Attached: attached({ Roles: ['Mailer', 'Other'] }),
    Mailer: role({
      Policies: [{ PolicyName: 'inline', PolicyDocument: document('sqs:ReceiveMessage') }],
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    }),
    Other: role(),
    Queue: { Type: 'AWS::SQS::Queue' },
  });
  const allowed = (logicalId: string) =>
    ['sqs:ReceiveMessage', 'sqs:SendMessage', 'logs:PutLogEvents', 'sqs:DeleteMessage'].filter(
      (action) => decide(roles.get(logicalId)?.statements ?? [], { action, resource: RESOURCE, context: {} }).allowed,
    );

  expect([...roles.keys()]).toEqual(['Mailer', 'Other']);
  expect(allowed('Mailer')).toEqual(['sqs:ReceiveMessage', 'sqs:SendMessage', 'logs:PutLogEvents']);
  expect(allowed('Other')).toEqual(['sqs:SendMessage']);
});

it("a role's trust policy decides which service may assume it", () => {
  const assume = (service: string) =>
    decide(read({ Mailer: role() }).get('Mailer')?.trust ?? [], {
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::123456789012:role/Mailer',
      context: {},
      principal: { service },
    }).allowed;

  expect(assume('lambda.amazonaws.com')).toBe(true);
  expect(assume('edgelambda.amazonaws.com')).toBe(false);
});

it('a policy can name a role by the name to which references to the role are resolved', () => {
  const Resources = { Attached: attached({ Roles: ['stack-Mailer'] }), Mailer: role() };

  expect(read(Resources, { nameOf: (id) => `stack-${id}` }).get('Mailer')?.statements).toHaveLength(1);
  expect(() => read(Resources)).toThrow('Attached is for the role "stack-Mailer"');
});

it("a managed policy's document can be given", () => {
  const arn = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess';
  const Resources = { Mailer: role({ ManagedPolicyArns: [arn] }) };
  const managedPolicies = { [arn]: document('sqs:*', '*') };

  expect(read(Resources, { managedPolicies }).get('Mailer')?.statements).toMatchObject([{ actions: ['sqs:*'] }]);
  expect(() => read(Resources)).toThrow('AmazonSQSFullAccess" of Mailer is not known');
});

it.each([
  ['a permissions boundary', { Mailer: role({ PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }) }],
  ['a policy for a role of another template', { Attached: attached({ Roles: ['Mailer'] }) }],
  ['a policy for a user', { Attached: attached({ Users: ['somebody'] }) }],
  ['an unresolved reference', { Attached: attached({ Roles: [{ Ref: 'Mailer' }] }), Mailer: role() }],
  ['another resource of IAM', { Managed: { Type: 'AWS::IAM::ManagedPolicy' } }],
])('a template with %s is refused', (_, resources) => {
  expect(() => read(resources)).toThrow();
});
