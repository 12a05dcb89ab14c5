import { describe, expect, it } from 'vitest';
import { resolve, type Scope } from './cloud/intrinsics.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:edge-a1b2c3';
const scope: Scope = {
  ref: (name) => (name === 'List' ? ['a', 'b'] : `ref of ${name}`),
  attribute: (logicalId, name) => `${name} of ${logicalId}`,
  imported: (name) => ({ 'Fn::Join': ['-', [name, { Ref: 'Exported' }]] }),
  secret: (reference) => `<${reference}>`,
};

describe('the resolver', () => {
  it.each<[name: string, value: unknown, resolved: unknown]>([
    ['a reference', { Ref: 'Table' }, 'ref of Table'],
    ['a reference to a pseudo parameter', { Ref: 'AWS::Region' }, 'ref of AWS::Region'],
    ['an attribute as a list', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'Arn of Table'],
    ['an attribute as a text with dots', { 'Fn::GetAtt': 'Stack.Outputs.Name' }, 'Outputs.Name of Stack'],
    ['a join with functions in it', { 'Fn::Join': ['/', ['a', { Ref: 'B' }, 3]] }, 'a/ref of B/3'],
    ['a split and a choice', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['a choice from a list', { 'Fn::Select': [0, { Ref: 'List' }] }, 'a'],
    ['a text with names', { 'Fn::Sub': '${A}:${B.Arn}:${!Literal}' }, 'ref of A:Arn of B:${Literal}'],
    ['a text with names of its own', { 'Fn::Sub': ['${x}/${A}', { x: { Ref: 'X' } }] }, 'ref of X/ref of A'],
    ['what another stack exports', { 'Fn::ImportValue': 'data:Table' }, 'data:Table-ref of Exported'],
    ['lists and objects', { a: [{ Ref: 'A' }, { b: { Ref: 'B' } }] }, { a: ['ref of A', { b: 'ref of B' }] }],
    ['the condition of a policy', { Condition: { Bool: { x: 'true' } } }, { Condition: { Bool: { x: 'true' } } }],
    ['numbers, booleans and null', [1, true, null], [1, true, null]],
    ['a dynamic reference', `{{resolve:secretsmanager:${SECRET}:SecretString:::}}`, `<${SECRET}:SecretString:::>`],
    [
      'a dynamic reference that a function puts together',
      { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'S' }, ':SecretString:::}},x']] },
      '<ref of S:SecretString:::>,x',
    ],
  ])('replaces %s', (_, value, resolved) => {
    expect(resolve(value, scope)).toEqual(resolved);
  });

  it.each<[name: string, value: unknown, error: RegExp]>([
    ['another function', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, /Fn::Cidr is not implemented/],
    ['another function deep inside', { a: [{ b: { 'Fn::If': ['x', 1, 2] } }] }, /Fn::If is not implemented/],
    ['a condition of the template', { Condition: 'IsProduction' }, /Condition is not implemented/],
    ['a dynamic reference to another service', '{{resolve:ssm:name}}', /\{\{resolve:ssm:name\}\} is not implemented/],
    ['a choice of nothing', { 'Fn::Select': [5, ['a']] }, /finds nothing/],
    ['a join of objects', { 'Fn::Join': ['', [{ a: 1 }]] }, /would need a text/],
  ])('throws for %s', (_, value, error) => {
    expect(() => resolve(value, scope)).toThrow(error);
  });
});
