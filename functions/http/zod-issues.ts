import type * as z from 'zod';
import type { FieldErrorCode, JsonType } from '../contract/errors/field-error-kinds.ts';
import { fieldError, isFault, type FieldError } from '../contract/errors/field-errors.ts';

/**
 * Returns the field error code for a zod issue whose schema states no code. Zod uses this function as its error map, so
 * that the message of every issue is a code. Throws `TypeError` for an issue for which no code exists.
 */
export function codeOfIssue(issue: z.core.$ZodRawIssue): FieldErrorCode {
  if (issue.input === undefined && issue.code !== 'custom') return 'required';
  switch (issue.code) {
    case 'invalid_type':
      return 'wrong-type';
    case 'invalid_value':
    case 'invalid_union':
      return 'unknown-value';
    case 'too_small':
      return tooSmall[issue.origin] ?? 'too-small';
    case 'too_big':
      return tooBig[issue.origin] ?? 'too-large';
    case 'unrecognized_keys':
      return 'unknown-field';
    default:
      throw new TypeError(`A zod schema states no code for its issue ${issue.code}`);
  }
}

const tooSmall: Readonly<Record<string, FieldErrorCode>> = { string: 'too-short', array: 'too-few' };
const tooBig: Readonly<Record<string, FieldErrorCode>> = { string: 'too-long', array: 'too-many' };

/**
 * Converts a zod issue to field errors. Zod reports all unknown fields of an object in one issue, for which this
 * function returns one field error per unknown field. For any other issue, this function returns one field error.
 * Throws `TypeError` when the issue's message is not a code.
 */
export function fieldErrorsOfIssue(issue: z.core.$ZodIssue): FieldError[] {
  const { message: code, path } = issue;
  if (!isFault(code)) throw new TypeError(`The message "${code}" of a zod schema is not a code`);
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  // The type cast is needed because TypeScript cannot infer that the parameters of an issue match the issue's code.
  const makeError = fieldError as (pointer: string, code: string, parameters: object) => FieldError;
  return paths.map((each) => makeError(pointerTo(each), code, parametersOf(issue)));
}

function parametersOf(issue: z.core.$ZodIssue): object {
  if (issue.message === 'required') return {};
  switch (issue.code) {
    case 'invalid_type':
      return { expected: jsonTypes[issue.expected] };
    case 'invalid_value':
      return { values: issue.values.map(String) };
    case 'invalid_union':
      return { values: 'options' in issue ? (issue.options ?? []).map(String) : [] };
    case 'too_small':
      return { min: Number(issue.minimum) };
    case 'too_big':
      return { max: Number(issue.maximum) };
    case 'custom':
      return { ...issue.params };
    default:
      return {};
  }
}

const jsonTypes: Readonly<Record<string, JsonType>> = {
  string: 'string',
  number: 'number',
  int: 'integer',
  boolean: 'boolean',
  array: 'array',
  object: 'object',
  record: 'object',
};

/**
 * Returns a path as a JSON pointer in a URI fragment (RFC 6901). Escapes `~` and `/` in the names of fields, and
 * percent-encodes the characters that a URI fragment cannot contain. JSON allows a field name with a lone surrogate
 * (one half of a UTF-16 surrogate pair). UTF-8 cannot encode a lone surrogate, so the pointer contains U+FFFD instead
 * of the surrogate.
 */
export function pointerTo(path: readonly PropertyKey[]): string {
  return `#${path.map((part) => `/${encodeURIComponent(String(part).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;
}
