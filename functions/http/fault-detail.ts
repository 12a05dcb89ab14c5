import type * as z from 'zod';

type Issue = z.core.$ZodRawIssue;

/** What a value of a type that zod names is in our words. */
const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/**
 * Says what a value must be that a schema refused, for schemas that do not say it themselves: what every detail of
 * `validation` begins with is "Must".
 */
export function faultDetail(issue: Issue): string | undefined {
  if (issue.input === undefined && issue.code !== 'custom') return 'Must be given';
  switch (issue.code) {
    case 'invalid_type':
      return `Must be ${kinds[issue.expected] ?? `of the type ${issue.expected}`}`;
    case 'invalid_value':
      return `Must be ${oneOf(issue.values.map(String))}`;
    case 'too_small':
      return bound(issue.origin, 'at least', Number(issue.minimum));
    case 'too_big':
      return bound(issue.origin, 'at most', Number(issue.maximum));
    case 'unrecognized_keys':
      return 'Must not be given: no such field is known';
    case 'invalid_union':
      return 'Must be one that is known';
    default:
      return 'Must be of another form';
  }
}

/** Gives the limit of a text's or a list's length, or of a number. */
function bound(origin: string, atMost: 'at least' | 'at most', limit: number): string {
  const counted = { string: 'character', array: 'entry' }[origin];
  if (counted === undefined) return `Must be ${atMost} ${limit}`;
  const many = { character: 'characters', entry: 'entries' }[counted];
  return `Must have ${atMost} ${limit} ${limit === 1 ? counted : many}`;
}

function oneOf(values: readonly string[]): string {
  return [values.slice(0, -1).join(', '), ...values.slice(-1)].filter((some) => some !== '').join(' or ');
}
