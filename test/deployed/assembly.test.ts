import { describe, expect, it } from 'vitest';
import { assemble } from './cloud/assembly.ts';
import { builtTypes, ignoredTypes } from './cloud/inventory.ts';
import type { StackTemplate } from '../support/stack-template.ts';
import { readTemplates } from './cloud/templates.ts';

const place = { account: '123456789012', region: 'us-east-1', endpoint: 'http://127.0.0.1:1' };
const withStack = (Resources: StackTemplate['Resources'], Outputs: StackTemplate['Outputs'] = {}) =>
  assemble(new Map([['stack', { Resources, Outputs }]]), place);

describe('the resources of the templates', () => {
  const templates = readTemplates(String(process.env['CDK_OUT']));
  const types = [...templates.values()].flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));

  it('are all built or left out for a reason, and each type that is built occurs', () => {
    const known = [...builtTypes, ...Object.keys(ignoredTypes)];
    expect([...new Set(types)].filter((type) => !known.includes(type))).toEqual([]);
    expect(builtTypes.filter((type) => !types.includes(type))).toEqual([]);
  });

  it('come in the order of deployment, so that each import finds its export', () => {
    const assembly = assemble(templates, place);
    const tables = assembly.ofType('AWS::DynamoDB::GlobalTable').map(({ ref }) => ref);
    const variables = assembly
      .ofType('AWS::Lambda::Function')
      .map(
        ({ properties }) => (properties['Environment'] as { Variables: Record<string, string> } | undefined)?.Variables,
      );
    expect(tables).toContain(variables.find((one) => one?.['TABLE_NAME'] !== undefined)?.['TABLE_NAME']);
  });
});

describe('an assembly', () => {
  it('throws for a type that the tests do not know', () => {
    expect(() => withStack({ Cache: { Type: 'AWS::ElastiCache::CacheCluster' } })).toThrow(
      /do not know the type AWS::ElastiCache::CacheCluster of stack\/Cache/,
    );
  });

  it('throws for a reference to something that does not exist', () => {
    const Properties = { QueueName: { Ref: 'Other' } };
    expect(() => withStack({ Queue: { Type: 'AWS::SQS::Queue', Properties } })).toThrow(/has no resource Other/);
  });

  it('throws for an import that no stack exports', () => {
    const Properties = { Description: { 'Fn::ImportValue': 'data:Table' } };
    expect(() => withStack({ Role: { Type: 'AWS::IAM::Role', Properties } })).toThrow(/imports data:Table/);
  });

  it('throws for an attribute that it does not know', () => {
    const Properties = { Description: { 'Fn::GetAtt': ['Role', 'RoleId'] } };
    expect(() => withStack({ Role: { Type: 'AWS::IAM::Role', Properties } })).toThrow(/attribute RoleId/);
  });

  it('generates secrets as their templates say, and puts them into dynamic references', () => {
    const { ofType, secrets } = withStack({
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { GenerateSecretString: { PasswordLength: 43, ExcludePunctuation: true } },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Description: { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, ':SecretString:::}}']] },
        },
      },
    });
    const [value = ''] = secrets.values();
    expect(value).toMatch(/^[A-Za-z0-9]{43}$/);
    expect(ofType('AWS::IAM::Role')[0]?.properties['Description']).toBe(value);
  });

  it('throws for a secret that is generated in a way that it does not know', () => {
    const Properties = { GenerateSecretString: { SecretStringTemplate: '{}' } };
    expect(() => withStack({ Secret: { Type: 'AWS::SecretsManager::Secret', Properties } })).toThrow(
      /cannot be generated/,
    );
  });
});
