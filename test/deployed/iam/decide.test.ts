import { describe, expect, it } from 'vitest';
import { decide, type Request } from './decide.ts';
import { statementsOf } from './statements.ts';

const ACCOUNT = '123456789012';
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/service`;
const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:dead-letters`;
const RULE = `arn:aws:events:us-east-1:${ACCOUNT}:rule/close-months`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/close-months`;

const policy = (...statements: object[]) => statementsOf('policy', { Version: '2012-10-17', Statement: statements });
const get: Request = { action: 'dynamodb:GetItem', resource: TABLE, context: {} };
const allowGet = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: TABLE };

describe('the statements of a role', () => {
  it.each([
    ['the action and the resource', true, {}],
    ['the action in another case', true, { Action: 'DynamoDB:getitem' }],
    ['one of several actions', true, { Action: ['dynamodb:PutItem', 'dynamodb:GetItem'] }],
    ['actions with *', true, { Action: 'dynamodb:Get*' }],
    ['actions with ?', true, { Action: 'dynamodb:?etItem' }],
    ['all actions', true, { Action: '*' }],
    ['another action', false, { Action: 'dynamodb:PutItem' }],
    ['an action of another service', false, { Action: 'dynamo:GetItem' }],
    ['the beginning of the action', false, { Action: 'dynamodb:Get' }],
    ['all actions but another', true, { Action: undefined, NotAction: 'dynamodb:PutItem' }],
    ['all actions but this', false, { Action: undefined, NotAction: ['sqs:*', 'dynamodb:get*'] }],
    ['all resources', true, { Resource: '*' }],
    ['one of several resources', true, { Resource: [QUEUE, TABLE] }],
    ['resources with *', true, { Resource: `${TABLE.slice(0, -3)}*` }],
    ['another resource', false, { Resource: `${TABLE}/index/finder` }],
    ['the resource in another case', false, { Resource: TABLE.toUpperCase().replace('ARN', 'arn') }],
    ['all resources but another', true, { Resource: undefined, NotResource: QUEUE }],
    ['all resources but this', false, { Resource: undefined, NotResource: [QUEUE, TABLE] }],
    ['a condition that holds', true, { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }],
    ['a condition that does not hold', false, { Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }],
  ])('that name %s allow the call: %s', (_, allowed, statement) => {
    const request = { ...get, context: { 'aws:SourceAccount': ACCOUNT } };

    expect(decide(policy({ ...allowGet, ...statement }), request)).toMatchObject({ allowed });
  });

  it('deny every call without a statement', () => {
    expect(decide([], get)).toEqual({ allowed: false, reason: `no statement allows dynamodb:GetItem on ${TABLE}` });
  });

  it('deny a call that one statement allows and another denies, in whatever order they stand', () => {
    const deny = { Sid: 'NoTable', Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' };
    const reason = `policy, statement NoTable denies dynamodb:GetItem on ${TABLE}`;

    expect(decide(policy(allowGet, deny), get)).toEqual({ allowed: false, reason });
    expect(decide(policy(deny, allowGet), get)).toEqual({ allowed: false, reason });
  });

  it('allow a call if the condition of the statement that denies does not hold', () => {
    const deny = { ...allowGet, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

    expect(decide(policy(allowGet, deny), { ...get, context: { 'aws:SecureTransport': 'true' } }).allowed).toBe(true);
    expect(decide(policy(allowGet, deny), { ...get, context: { 'aws:SecureTransport': 'false' } }).allowed).toBe(false);
  });

  it('allow a call only if one statement covers all its partition keys', () => {
    const leading = (...patterns: string[]) => ({
      ...allowGet,
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } },
    });
    const request = { ...get, context: { 'dynamodb:LeadingKeys': ['CUSTOMER#1', 'RP#1'] } };

    expect(decide(policy(leading('CUSTOMER#*', 'RP#*')), request).allowed).toBe(true);
    expect(decide(policy(leading('CUSTOMER#*'), leading('RP#*')), request)).toEqual({
      allowed: false,
      reason:
        `no statement allows dynamodb:GetItem on ${TABLE}` +
        '; policy, statement 1, has an unfulfilled condition: ForAllValues:StringLike of dynamodb:LeadingKeys' +
        '; policy, statement 2, has an unfulfilled condition: ForAllValues:StringLike of dynamodb:LeadingKeys',
    });
  });
});

describe('the statements of a resource', () => {
  const statements = policy(
    {
      Effect: 'Deny',
      Action: 'sqs:*',
      Resource: QUEUE,
      Principal: { AWS: '*' },
      Condition: { Bool: { 'aws:SecureTransport': false } },
    },
    {
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: QUEUE,
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
    },
    { Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: QUEUE, Principal: { AWS: ROLE } },
  );
  const context = { 'aws:SourceArn': RULE, 'aws:SecureTransport': 'true' };
  const send: Request = {
    action: 'sqs:SendMessage',
    resource: QUEUE,
    context,
    principal: { service: 'events.amazonaws.com' },
  };

  it.each([
    ['the service for its resource', true, {}],
    ['another service', false, { principal: { service: 'sns.amazonaws.com' } }],
    ['a role for which they name no service', false, { principal: { role: ROLE } }],
    ['the role that they name', true, { action: 'sqs:ReceiveMessage', principal: { role: ROLE } }],
    ['another role', false, { action: 'sqs:ReceiveMessage', principal: { role: `${ROLE}-2` } }],
    ['the service for another resource of its own', false, { context: { ...context, 'aws:SourceArn': `${RULE}-2` } }],
    ['the service without TLS', false, { context: { ...context, 'aws:SecureTransport': 'false' } }],
  ])('allow the call of %s: %s', (_, allowed, request) => {
    expect(decide(statements, { ...send, ...request })).toMatchObject({ allowed });
  });

  it('that name everybody apply to roles and to services', () => {
    const everybody = policy({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE, Principal: '*' });

    expect(decide(everybody, send).allowed).toBe(true);
    expect(decide(everybody, { ...send, principal: { role: ROLE } }).allowed).toBe(true);
  });

  it('deny a call that the statements of the role allow', () => {
    const role = policy({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
    const request = { ...send, principal: { role: ROLE } };

    expect(decide([...role, ...statements], request).allowed).toBe(true);
    expect(decide([...role, ...statements], { ...request, context: { 'aws:SecureTransport': 'false' } }).allowed).toBe(
      false,
    );
  });

  it('throw for a request that does not name its principal', () => {
    const { action, resource } = send;

    expect(() => decide(statements, { action, resource, context })).toThrow('does not name its own');
  });
});

describe('a statement cannot be read', () => {
  it.each([
    ['with an unknown element', { ...allowGet, Resources: '*' }],
    ['with another effect', { ...allowGet, Effect: 'allow' }],
    ['without actions', { Effect: 'Allow', Resource: '*' }],
    ['with actions and excluded actions', { ...allowGet, NotAction: 'sqs:*' }],
    ['without resources', { Effect: 'Allow', Action: '*' }],
    ['with resources and excluded resources', { ...allowGet, NotResource: QUEUE }],
    ['with an action without a service', { ...allowGet, Action: 'GetItem' }],
    ['with an intrinsic function', { ...allowGet, Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } }],
    ['with a resource that is not a complete ARN', { ...allowGet, Resource: 'arn:aws:sqs' }],
    ['with a policy variable', { ...allowGet, Resource: `${QUEUE}-\${aws:username}` }],
    ['with an account as its principal', { ...allowGet, Principal: { AWS: ACCOUNT } }],
    [
      'with the root of an account as its principal',
      { ...allowGet, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
    ],
    ['with excluded principals', { ...allowGet, NotPrincipal: { AWS: ROLE } }],
    ['with a federated principal', { ...allowGet, Principal: { Federated: 'cognito-identity.amazonaws.com' } }],
    ['with an unknown condition operator', { ...allowGet, Condition: { IpAddress: { 'aws:SourceIp': '::1' } } }],
    ['with a condition without an operator', { ...allowGet, Condition: { 'aws:SourceIp': '::1' } }],
  ])('%s', (_, statement) => {
    expect(() => policy(statement)).toThrow();
  });

  it('of another version of the policy language', () => {
    expect(() => statementsOf('policy', { Version: '2008-10-17', Statement: [allowGet] })).toThrow('Version');
    expect(() => statementsOf('policy', { Statement: [allowGet] })).toThrow('Version');
  });
});
