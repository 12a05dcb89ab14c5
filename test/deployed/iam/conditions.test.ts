import { describe, expect, it } from 'vitest';
import { conditionsOf, type Context } from './conditions.ts';

const KEY = 'dynamodb:LeadingKeys';
const ARN = 'arn:aws:events:us-east-1:123456789012:rule/close-months';

const holds = (operator: string, expected: readonly string[], context: Context) =>
  conditionsOf({ [operator]: { [KEY]: expected } }).every((condition) => condition.holds(context));

describe('a condition operator without a set operator', () => {
  it.each([
    ['StringEquals', ['A#1', 'B#1'], 'B#1', true],
    ['StringEquals', ['A#*'], 'A#1', false],
    ['StringEquals', ['a#1'], 'A#1', false],
    ['StringNotEquals', ['A#1', 'B#1'], 'B#1', false],
    ['StringNotEquals', ['A#1', 'B#1'], 'C#1', true],
    ['StringLike', ['A#*', 'B#?'], 'B#1', true],
    ['StringLike', ['A#*', 'B#?'], 'B#10', false],
    ['StringLike', ['a#*'], 'A#1', false],
    ['StringNotLike', ['A#*', 'B#*'], 'B#1', false],
    ['StringNotLike', ['A#*', 'B#*'], 'C#1', true],
    ['ArnEquals', [ARN], ARN, true],
    ['ArnEquals', [ARN.replace('close', '*')], ARN, true],
    ['ArnLike', ['arn:aws:events:*:*:rule/close-*'], ARN, true],
    // A wildcard does not reach over the colons between the six components.
    ['ArnLike', ['arn:aws:e*:::rule/close-months'], ARN, false],
    ['ArnLike', ['arn:aws:sns:*:*:*'], ARN, false],
    ['ArnLike', ['arn:aws:events:*:*:*'], 'close-months', false],
    ['ArnNotEquals', [ARN], ARN, false],
    ['ArnNotLike', ['arn:aws:sns:*:*:*'], ARN, true],
    ['Bool', ['false'], 'false', true],
    ['Bool', ['false'], 'true', false],
    ['Null', ['false'], 'A#1', true],
    ['Null', ['true'], 'A#1', false],
  ])('%s %o for the value %s: %s', (operator, expected, value, result) => {
    expect(holds(operator, expected, { [KEY]: value })).toBe(result);
    expect(holds(operator, expected, { [KEY]: [value] })).toBe(result);
  });

  it.each([
    ['StringEquals', ['A#1'], false],
    ['StringLike', ['*'], false],
    ['ArnEquals', [ARN], false],
    ['ArnLike', [ARN], false],
    ['Bool', ['false'], false],
    ['StringNotEquals', ['A#1'], true],
    ['StringNotLike', ['*'], true],
    ['ArnNotEquals', [ARN], true],
    ['ArnNotLike', [ARN], true],
    ['Null', ['true'], true],
    ['Null', ['false'], false],
    ['StringEqualsIfExists', ['A#1'], true],
    ['StringNotEqualsIfExists', ['A#1'], true],
    ['ArnLikeIfExists', [ARN], true],
    ['BoolIfExists', ['true'], true],
  ])('%s %o for a request without the key: %s', (operator, expected, result) => {
    expect(holds(operator, expected, {})).toBe(result);
    expect(holds(operator, expected, { [KEY]: [] })).toBe(result);
    expect(holds(operator, expected, { 'aws:SourceArn': ARN })).toBe(result);
  });

  it('IfExists compares a value that the request has', () => {
    expect(holds('StringEqualsIfExists', ['A#1'], { [KEY]: 'B#1' })).toBe(false);
    expect(holds('StringEqualsIfExists', ['A#1'], { [KEY]: 'A#1' })).toBe(true);
  });

  it('throws for a request with several values, because AWS does not define the result', () => {
    expect(() => holds('StringLike', ['A#*'], { [KEY]: ['A#1', 'A#2'] })).toThrow('has no set operator');
  });
});

describe('the set operator ForAllValues', () => {
  it.each([
    ['StringLike', ['A#*', 'B#*'], ['A#1', 'B#1', 'A#2'], true],
    ['StringLike', ['A#*', 'B#*'], ['A#1', 'C#1'], false],
    ['StringLike', ['A#*'], [], true],
    ['StringLike', ['A#*'], [''], true],
    ['StringEquals', ['A#1'], ['A#1', ''], false],
    ['StringNotEquals', ['A#1', 'B#1'], ['C#1', 'D#1'], true],
    ['StringNotEquals', ['A#1', 'B#1'], ['C#1', 'B#1'], false],
    ['StringNotEquals', ['A#1'], [], true],
  ])('with %s %o for the values %o: %s', (operator, expected, values, result) => {
    expect(holds(`ForAllValues:${operator}`, expected, { [KEY]: values })).toBe(result);
  });

  it('holds for a request without the key', () => {
    expect(holds('ForAllValues:StringLike', ['A#*'], {})).toBe(true);
  });
});

describe('the set operator ForAnyValue', () => {
  it.each([
    ['StringLike', ['A#*', 'B#*'], ['C#1', 'B#1'], true],
    ['StringLike', ['A#*', 'B#*'], ['C#1', 'D#1'], false],
    ['StringLike', ['*'], [], false],
    ['StringLike', ['*'], [''], false],
    ['StringNotEquals', ['A#1'], ['A#1', 'B#1'], true],
    ['StringNotEquals', ['A#1', 'B#1'], ['A#1', 'B#1'], false],
    ['StringNotEquals', ['A#1'], [], false],
  ])('with %s %o for the values %o: %s', (operator, expected, values, result) => {
    expect(holds(`ForAnyValue:${operator}`, expected, { [KEY]: values })).toBe(result);
  });

  it('does not hold for a request without the key', () => {
    expect(holds('ForAnyValue:StringLike', ['*'], {})).toBe(false);
  });
});

it('the case of a condition key makes no difference', () => {
  expect(holds('StringEquals', ['A#1'], { 'DynamoDB:leadingkeys': 'A#1' })).toBe(true);
});

it('several operators and keys must all hold', () => {
  const conditions = conditionsOf({
    StringEquals: { 'aws:SourceAccount': ['1'], 'ses:FromAddress': ['a@example.com'] },
    Bool: { 'aws:SecureTransport': ['true'] },
  });
  const context = { 'aws:SourceAccount': '1', 'ses:FromAddress': 'a@example.com', 'aws:SecureTransport': 'true' };
  const failing = (other: Context) => conditions.filter((condition) => !condition.holds(other)).map(({ name }) => name);

  expect(failing(context)).toEqual([]);
  expect(failing({ ...context, 'ses:FromAddress': 'b@example.com' })).toEqual(['StringEquals of ses:FromAddress']);
  expect(failing({ ...context, 'aws:SecureTransport': 'false' })).toEqual(['Bool of aws:SecureTransport']);
});

it.each([
  ['an unknown operator', 'StringMatches', KEY, ['a']],
  ['an operator that is not implemented', 'NumericLessThan', KEY, ['1']],
  ['a property of every object', 'constructor', KEY, ['a']],
  ['an unknown set operator', 'ForSomeValues:StringLike', KEY, ['a']],
  ['a set operator alone', 'ForAllValues:', KEY, ['a']],
  ['a set operator with IfExists', 'ForAllValues:StringLikeIfExists', KEY, ['a']],
  ['Null with a set operator', 'ForAllValues:Null', KEY, ['true']],
  ['Null with IfExists', 'NullIfExists', KEY, ['true']],
  ['an operator in another case', 'stringlike', KEY, ['a']],
  ['a key without a service', 'StringLike', 'LeadingKeys', ['a']],
  ['a key with a wildcard', 'StringLike', 'dynamodb:*', ['a']],
  ['no value', 'StringLike', KEY, []],
  ['a policy variable', 'StringEquals', KEY, ['${aws:PrincipalTag/customer}']],
  ['Bool of a value that is not boolean', 'Bool', KEY, ['yes']],
  ['Null of a value that is not boolean', 'Null', KEY, ['yes']],
  ['a pattern that is not an ARN', 'ArnLike', KEY, ['*']],
])('%s is refused', (_, operator, key, expected) => {
  expect(() => conditionsOf({ [operator]: { [key]: expected } })).toThrow();
});
