import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isArn, isLike, isResource } from './wildcards.ts';

/**
 * Texts and patterns of few characters, so that many of them match, with all that a regular expression could misread.
 */
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', ':', '.', '\\', '-', '\n', '漢'), maxLength: 8 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '.', '\\', '-', '*', '*', '?'), maxLength: 8 });
const numRuns = 3_000;

/**
 * Compares character by character. `spans` says whether a wildcard at a position of the pattern may stand for a colon.
 */
function naive(text: string, pattern: string, spans: (position: number) => boolean): boolean {
  const from = (t: number, p: number): boolean => {
    if (p === pattern.length) return t === text.length;
    const canTake = t < text.length && (text[t] !== ':' || spans(p));
    if (pattern[p] === '*') return from(t, p + 1) || (canTake && from(t + 1, p));
    if (pattern[p] === '?') return canTake && from(t + 1, p + 1);
    return t < text.length && text[t] === pattern[p] && from(t + 1, p + 1);
  };
  return from(0, 0);
}

it('isLike matches as a comparison of one character after another does', () => {
  fc.assert(
    fc.property(text, pattern, (value, like) => {
      expect(isLike(value, like)).toBe(naive(value, like, () => true));
    }),
    { numRuns },
  );
});

it('isResource matches as a comparison does in which only a last `*` of a segment stands for colons', () => {
  fc.assert(
    fc.property(text, pattern, (value, like) => {
      const spans = (position: number) => like[position] === '*' && [undefined, ':'].includes(like[position + 1]);
      expect(isResource(value, like)).toBe(naive(value, like, spans));
    }),
    { numRuns },
  );
});

it('isArn matches as a comparison does of six components, the last with all further colons', () => {
  const component = text.map((value) => value.replaceAll(':', ''));
  const componentPattern = pattern.map((value) => value.replaceAll(':', ''));
  const arn = (first: fc.Arbitrary<string>, last: fc.Arbitrary<string>) =>
    fc.tuple(first, first, first, first, first, last);
  fc.assert(
    fc.property(arn(component, text), arn(componentPattern, pattern), (values, likes) => {
      const expected = likes.every((like, position) => naive(values[position] ?? '', like, () => true));
      expect(isArn(values.join(':'), likes.join(':'))).toBe(expected);
    }),
    { numRuns },
  );
});

it('every text matches itself and `*`, with any part of it replaced by `*`', () => {
  fc.assert(
    fc.property(text, fc.nat(8), fc.nat(8), (value, start, length) => {
      expect(isLike(value, `${value.slice(0, start)}*${value.slice(start + length)}`)).toBe(true);
      expect(isLike(value, value)).toBe(true);
      expect(isResource(value, '*')).toBe(true);
    }),
    { numRuns },
  );
});

it.each([
  ['arn:aws:sqs:us-east-1:123456789012:mails', 'arn:aws:sqs:*:123456789012:mails', true],
  ['arn:aws:sqs:us-east-1:123456789012:mails', 'arn:aws:sqs:*', true],
  ['arn:aws:sqs:us-east-1:123456789012:mails', 'arn:aws:sqs:us-*1:123456789012:mails', true],
  ['arn:aws:sqs:us-east-1:123456789012:mails', 'arn:aws:sqs:us-east-1:123456789012:Mails', false],
  ['arn:aws:sqs:us-east-1:123456789012:mails', 'arn:aws:sqs:u*ls', false],
  ['arn:aws:lambda:us-east-1:123456789012:function:run:1', 'arn:aws:lambda:us-east-1:123456789012:function:run', false],
  [
    'arn:aws:lambda:us-east-1:123456789012:function:run:1',
    'arn:aws:lambda:us-east-1:123456789012:function:run:*',
    true,
  ],
  ['arn:aws:s3:::bucket/2026/11.json', 'arn:aws:s3:::bucket/*.json', true],
  ['arn:aws:s3:::bucket/2026/11.json', 'arn:aws:s3:::bucket', false],
  ['*', 'arn:aws:s3:::bucket', false],
])('the resource %s matches the pattern %s: %s', (resource, like, expected) => {
  expect(isResource(resource, like)).toBe(expected);
});
